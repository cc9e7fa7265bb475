package dev.lode;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.tools.ToolProvider;

/** The whole repository as text, and its Java as syntax trees. */
record SourceTree(Path root, List<Path> files) {
  private static final Set<String> SKIPPED = Set.of(".git", "target", "data", "scratch", ".idea");

  /** A method or constructor as written. */
  record Method(Path file, String name, long lines, MethodTree tree, boolean isInRecord) {
    boolean isAnnotated(Set<String> names) {
      return tree.getModifiers().getAnnotations().stream()
          .anyMatch(annotation -> names.contains(annotation.getAnnotationType().toString()));
    }

    @Override
    public String toString() {
      return file + " " + name;
    }
  }

  /** From the folder that holds the launcher, upwards of the working directory. */
  static SourceTree read() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("lode"))) {
      root = root.getParent();
    }
    return new SourceTree(root, walk(root));
  }

  private static List<Path> walk(Path root) {
    var found = new ArrayList<Path>();
    var visitor =
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return SKIPPED.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            found.add(root.relativize(file));
            return FileVisitResult.CONTINUE;
          }
        };
    try {
      Files.walkFileTree(root, visitor);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    found.sort(null);
    return found;
  }

  String text(Path file) {
    try {
      return Files.readString(root.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  List<Path> java() {
    return files.stream().filter(file -> file.toString().endsWith(".java")).toList();
  }

  /** What is shipped: not tests, not load tests. */
  List<Path> shipped() {
    return java().stream().filter(SourceTree::isShipped).toList();
  }

  static boolean isShipped(Path file) {
    return file.toString().contains("src/main/java/dev/lode") && !file.startsWith("load-tests");
  }

  /** Every Java file parsed, not resolved. */
  List<CompilationUnitTree> units() {
    JavacTask task = task();
    try {
      var units = new ArrayList<CompilationUnitTree>();
      task.parse().forEach(units::add);
      return units;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JavacTask task() {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var sources =
        compiler
            .getStandardFileManager(null, null, null)
            .getJavaFileObjectsFromPaths(java().stream().map(root::resolve).toList());
    return (JavacTask) compiler.getTask(null, null, null, List.of(), null, sources);
  }

  Path file(CompilationUnitTree unit) {
    return root.relativize(Path.of(unit.getSourceFile().toUri()));
  }

  /** Every method and constructor that is written out. */
  List<Method> methods() {
    JavacTask task = task();
    var positions = Trees.instance(task).getSourcePositions();
    var found = new ArrayList<Method>();
    try {
      for (CompilationUnitTree unit : task.parse()) {
        new TreePathScanner<Void, Void>() {
          @Override
          public Void visitMethod(MethodTree method, Void none) {
            var lines = unit.getLineMap();
            long first = lines.getLineNumber(positions.getStartPosition(unit, method));
            long last = lines.getLineNumber(positions.getEndPosition(unit, method));
            boolean isInRecord =
                getCurrentPath().getParentPath().getLeaf() instanceof ClassTree type
                    && type.getKind() == Tree.Kind.RECORD;
            found.add(
                new Method(
                    file(unit), method.getName().toString(), last - first + 1, method, isInRecord));
            return super.visitMethod(method, null);
          }
        }.scan(unit, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }
}
