/// Allocator options from JSON, strictly, with errors that say where and what to write instead.
///
/// - [io.stackkit.config.StackConfig] reads and writes the options of one allocator and opens it.
/// - [io.stackkit.config.ConfigReader] reads configurations that have more in them.
/// - [io.stackkit.config.StackConfigException] lists all that is wrong.
///
/// The options themselves, with their bounds and defaults, are those of
/// [io.stackkit.api.AllocatorOption]: an option that is added there is known here. No type of the
/// JSON library appears in this package's signatures.
///
/// Threads: everything is immutable but the [io.stackkit.config.ConfigReader], which belongs to the
/// function it is handed to.
package io.stackkit.config;
