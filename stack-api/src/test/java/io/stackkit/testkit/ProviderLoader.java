package io.stackkit.testkit;

import io.stackkit.api.spi.StackAllocatorProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/// Has providers in its unnamed module, as on a class path: classes of its own, made of the files
/// of others that its parent has, too.
public final class ProviderLoader extends ClassLoader {

  private static final String SERVICES =
      "META-INF/services/" + StackAllocatorProvider.class.getName();

  private final Class<?> beside;
  private final String prefix;
  private final List<String> classNames;

  /// @param parent where all other classes come from
  /// @param beside a class beside whose file those of the own classes are
  /// @param prefix what their names begin with
  /// @param classNames the providers
  public ProviderLoader(
      ClassLoader parent, Class<?> beside, String prefix, List<String> classNames) {
    super(parent);
    this.beside = beside;
    this.prefix = prefix;
    this.classNames = classNames;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(prefix)) {
      return super.loadClass(name, resolve);
    }
    Class<?> loaded = findLoadedClass(name);
    return loaded != null ? loaded : define(name);
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    String file = name.substring(name.lastIndexOf('.') + 1) + ".class";
    try (InputStream in = beside.getResourceAsStream(file)) {
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    if (!name.equals(SERVICES)) {
      return super.getResources(name);
    }
    byte[] text = String.join("\n", classNames).getBytes(StandardCharsets.UTF_8);
    URL url = URL.of(URI.create("providers:/" + name), new InMemory(text));
    return Collections.enumeration(List.of(url));
  }

  private static final class InMemory extends URLStreamHandler {
    private final byte[] bytes;

    InMemory(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {}

        @Override
        public InputStream getInputStream() {
          return new ByteArrayInputStream(bytes);
        }
      };
    }
  }
}
