/// What an implementation has to keep, as abstract JUnit tests that its own tests extend.
///
/// [StackAllocatorContract] is the whole contract of an allocator, [AllocatorSubject] what a
/// subclass may say about its implementation, [RandomProgram] a seeded program of many threads held
/// against a model. [ReferenceAllocator] is the simplest allocator that keeps the contract: it
/// shows that the contract can be kept, and is an oracle for others.
///
/// This package goes into a jar of its own (`stack-api`, type `test-jar`), which implementations
/// see on their class path even when their tests run on the module path: it may use only what
/// `io.stackkit.api` exports.
package io.stackkit.testkit;
