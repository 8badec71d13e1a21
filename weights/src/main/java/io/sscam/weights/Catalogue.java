package io.sscam.weights;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The ImageNet weights of torchvision for the nets this engine knows. */
public final class Catalogue {
  /** Where PyTorch publishes them. */
  public static final URI OFFICIAL = URI.create("https://download.pytorch.org/models/");

  private static final String LICENCE =
      "weights of torchvision (BSD-3-Clause), trained on ImageNet-1k, whose own terms allow"
          + " non-commercial research; see https://github.com/pytorch/vision#pre-trained-model-license";

  private static final List<CatalogueEntry> ENTRIES =
      List.of(
          new CatalogueEntry("resnet18", "resnet18-f37072fd.pth", 46_830_571, 64_000_000, LICENCE),
          new CatalogueEntry("vgg16", "vgg16-397923af.pth", 553_433_881, 640_000_000, LICENCE),
          new CatalogueEntry(
              "squeezenet1_0", "squeezenet1_0-b66bff10.pth", 5_010_000, 8_000_000, LICENCE));

  private Catalogue() {}

  /** All entries. */
  public static List<CatalogueEntry> entries() {
    return ENTRIES;
  }

  /** The entry of that name, if there is one. */
  public static Optional<CatalogueEntry> find(String name) {
    return ENTRIES.stream().filter(entry -> entry.name().equals(name)).findFirst();
  }
}
