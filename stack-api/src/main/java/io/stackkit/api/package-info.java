/// What callers use: allocators of stack segments, their options and their figures.
package io.stackkit.api;
