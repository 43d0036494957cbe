/// Memory figures of allocators.
package io.stackkit.stats;
