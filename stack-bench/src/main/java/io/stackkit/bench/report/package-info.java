/// What is made of the outcomes: statistics, the table, a page with charts, and the files that keep
/// them.
@NullMarked
package io.stackkit.bench.report;

import org.jspecify.annotations.NullMarked;
