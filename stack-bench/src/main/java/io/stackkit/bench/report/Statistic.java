package io.stackkit.bench.report;

import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.util.ListStatistics;

/// The mean of one figure over forks.
///
/// Every fork counts once, with its own mean: iterations within a fork share the fork's memory
/// layout and compiled code and are not independent of each other, so they say nothing about the
/// next fork.
///
/// @param forks how many there were
/// @param mean their mean
/// @param error half of the 95 % confidence interval of the mean (Student's t); NaN for less than
///   three forks
/// @param min the smallest
/// @param max the largest
public record Statistic(int forks, double mean, double error, double min, double max) {

  private static final double CONFIDENCE = 0.95;

  /// Two values tell next to nothing of how far others would be from them.
  private static final int ENOUGH = 3;

  /// Computes the statistic.
  ///
  /// @param values one per fork, at least one
  /// @return the statistic
  /// @throws IllegalArgumentException if there are none
  public static Statistic of(Collection<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no values");
    }
    ListStatistics list =
        new ListStatistics(values.stream().mapToDouble(Double::doubleValue).toArray());
    double error = values.size() < ENOUGH ? Double.NaN : list.getMeanErrorAt(CONFIDENCE);
    return new Statistic(values.size(), list.getMean(), error, list.getMin(), list.getMax());
  }

  /// Computes the statistic of some values.
  ///
  /// @param values one per fork, at least one
  /// @return the statistic
  public static Statistic of(Double... values) {
    return of(List.of(values));
  }

  /// Compares a mean with another one.
  ///
  /// @param old what to compare with; its mean is not 0
  /// @return the change
  public Change since(Statistic old) {
    double ratio = mean / old.mean;
    double relative = Math.hypot(error / mean, old.error / old.mean);
    return new Change(ratio - 1, ratio * relative);
  }

  /// How much something changed.
  ///
  /// @param relative the change over the old value: 0.5 is half as much again
  /// @param error the half width of its interval, from the errors of both means, taken as
  ///   independent; NaN if one of them is not known
  public record Change(double relative, double error) {

    /// Tells whether the change is larger than what the forks differ by anyway.
    ///
    /// @return whether it is; false if that is not known
    public boolean isSignificant() {
      return Math.abs(relative) > error;
    }
  }
}
