/// Allocator options from JSON.
package io.stackkit.config;
