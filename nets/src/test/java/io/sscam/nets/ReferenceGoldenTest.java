package io.sscam.nets;

import io.sscam.engine.reference.ReferenceBackend;
import java.util.List;

/** The definitions of the nets and the reference backend together give torchvision's results. */
class ReferenceGoldenTest extends GoldenContract {
  ReferenceGoldenTest() {
    super(new ReferenceBackend(2));
  }

  /** The reference takes one picture at a time anyway; VGG-16 needs 10 s for each. */
  @Override
  List<Network> netsInBatches() {
    return List.of(new SqueezeNet1_0());
  }
}
