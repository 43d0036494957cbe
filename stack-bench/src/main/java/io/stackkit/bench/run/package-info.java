/// What is run, in which order, and the running of it.
@NullMarked
package io.stackkit.bench.run;

import org.jspecify.annotations.NullMarked;
