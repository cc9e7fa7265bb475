package dev.lode.load;

import java.io.IOException;

/** Someone who takes Bronze to Silver. */
interface SilverWork {

  /** Works for a while, as one who has been running before. */
  void warmUp() throws IOException;

  /** Into tables of that run; answers the seconds until all is committed. */
  double refine(int run) throws IOException;

  /** What the tables of that run say. */
  Outcome outcome(int run) throws IOException;

  /** That works. */
  ProcessHandle process();
}
