package io.sscam.bench.peers;

import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Session;
import java.util.Set;

/** Our own CPU backend. */
final class OurForward implements Forward {
  private final Session session;
  private final Executable net;

  OurForward(Backend backend, Backend.Model model, int batch, float[] input) {
    session = backend.openSession();
    net = session.compile(model, batch, Set.of());
    session.upload(input, net.input());
  }

  @Override
  public void run() {
    net.run(net.batch());
    session.synchronise();
  }

  @Override
  public float[] logits() {
    run();
    float[] values = new float[net.logits().shape().elementsAsInt()];
    session.download(net.logits(), values);
    return values;
  }

  @Override
  public void close() {
    net.close();
    session.close();
  }
}
