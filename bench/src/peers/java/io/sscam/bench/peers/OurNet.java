package io.sscam.bench.peers;

import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Session;
import java.util.Set;

/**
 * Our own backend.
 *
 * @param engine what it is called
 */
record OurNet(String engine, Backend backend, Backend.Model model) implements PeerNet {
  static final String ENGINE = "ours";

  /** Beside ours in another precision. */
  static final String FP32 = "ours-fp32";

  @Override
  public Forward forward(int batch, float[] input) {
    Session session = backend.openSession();
    Executable net = session.compile(model, batch, Set.of());
    session.upload(input, net.input());
    return new OurForward(session, net);
  }

  @Override
  public void close() {
    model.close();
  }

  private record OurForward(Session session, Executable net) implements Forward {
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
}
