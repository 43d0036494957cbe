/// Stacks that grow by segments, and the frames on them.
package io.stackkit.api.segmented;
