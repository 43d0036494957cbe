/// What an implementation has to keep, as abstract JUnit tests that its own tests extend.
///
/// This package goes into a jar of its own (`stack-api`, type `test-jar`), which implementations
/// see on their class path even when their tests run on the module path: it may use only what
/// `io.stackkit.api` exports.
package io.stackkit.testkit;
