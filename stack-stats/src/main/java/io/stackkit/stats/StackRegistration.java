package io.stackkit.stats;

/// What [StackJmx] or [StackJfr] registered; closing it takes it back. The allocator is kept from
/// being collected until then. Close the registration before the allocator.
///
/// May be used by any thread.
public interface StackRegistration extends AutoCloseable {

  /// Returns the name under which the allocator is seen.
  ///
  /// @return for JMX the object name, for JFR the value of the event's field `name`
  String name();

  /// Takes the registration back. Closing twice has no effect.
  @Override
  void close();
}
