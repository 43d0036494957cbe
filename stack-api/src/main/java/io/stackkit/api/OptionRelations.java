package io.stackkit.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What options demand of each other.
final class OptionRelations {

  private OptionRelations() {}

  /// Lists what is violated, except where an option takes part that is wrong in itself.
  static List<InvalidOptionsException.Violation> violated(
      Map<AllocatorOption, Object> values, Set<String> wrong) {
    List<InvalidOptionsException.Violation> violations = new ArrayList<>();
    bound(violations, values, wrong, AllocatorOption.BATCH_SIZE, "<=", AllocatorOption.CACHE_SIZE);
    bound(violations, values, wrong, AllocatorOption.MAX_BYTES, ">=", AllocatorOption.SEGMENT_SIZE);
    return violations;
  }

  private static void bound(
      List<InvalidOptionsException.Violation> violations,
      Map<AllocatorOption, Object> values,
      Set<String> wrong,
      AllocatorOption option,
      String relation,
      AllocatorOption other) {
    long value = (Long) Objects.requireNonNull(values.get(option));
    long bound = (Long) Objects.requireNonNull(values.get(other));
    boolean holds = relation.equals("<=") ? value <= bound : value >= bound;
    if (holds || wrong.contains(option.key()) || wrong.contains(other.key())) {
      return;
    }
    String message =
        "%s: %s (must be %s %s: %s)"
            .formatted(
                option.key(), option.format(value), relation, other.key(), other.format(bound));
    violations.add(new InvalidOptionsException.Violation(option.key(), message));
  }
}
