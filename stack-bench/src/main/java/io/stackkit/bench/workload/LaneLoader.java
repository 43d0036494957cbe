package io.stackkit.bench.workload;

import com.google.common.base.Splitter;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Loads everything on the class path anew, but for what lanes are driven by.
final class LaneLoader extends URLClassLoader {

  LaneLoader() {
    super(classPath(), ClassLoader.getPlatformClassLoader());
  }

  private static URL[] classPath() {
    List<URL> urls = new ArrayList<>();
    for (String entry :
        Splitter.on(File.pathSeparatorChar).split(System.getProperty("java.class.path"))) {
      try {
        urls.add(Path.of(entry).toUri().toURL());
      } catch (MalformedURLException e) {
        throw new IllegalStateException(entry + ": no place for classes", e);
      }
    }
    return urls.toArray(URL[]::new);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    for (Class<?> shared : List.of(Lane.class, Lane.Worker.class)) {
      if (shared.getName().equals(name)) {
        return shared;
      }
    }
    return super.findClass(name);
  }
}
