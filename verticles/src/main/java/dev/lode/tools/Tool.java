package dev.lode.tools;

import dev.lode.codecs.Tools;
import io.vertx.core.Future;

/** The way a tool is called over the bus; its arguments have been checked. */
@FunctionalInterface
interface Tool {
  Future<Answer> call(Tools.Call call, Arguments arguments);
}
