package io.sscam;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may enter which room; see CONTRIBUTING.md. */
@AnalyzeClasses(packages = "io.sscam", importOptions = ArchitectureTest.NoTests.class)
class ArchitectureTest {

  /** Leaves out test classes, those of other modules' test jars too. */
  static final class NoTests implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return new DoNotIncludeTests().includes(location) && !location.contains("-tests.jar");
    }
  }

  @ArchTest
  static final ArchRule bindingsStayInOneRoom =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.sscam.engine.onednn..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.bytedeco..", "com.sun.jna..");

  @ArchTest
  static final ArchRule noCudaOutsideOfKernels =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.sscam.kernels.cuda..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jcuda..");

  @ArchTest
  static final ArchRule contractKnowsNoDevice =
      noClasses()
          .that()
          .resideInAnyPackage("io.sscam.engine", "io.sscam.engine.backend", "io.sscam.engine.graph")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.sscam.engine.cpu..", "io.sscam.engine.onednn..");

  @ArchTest
  static final ArchRule engineStandsAlone =
      noClasses()
          .that()
          .resideInAPackage("io.sscam.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.sscam", "io.sscam.nets..", "io.sscam.weights..", "io.sscam.image..");

  @ArchTest
  static final ArchRule usersOfTheEngineSeeTheContractOnly =
      noClasses()
          .that()
          .resideInAnyPackage("io.sscam", "io.sscam.nets..", "io.sscam.weights..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.sscam.engine.cpu..", "io.sscam.engine.onednn..", "io.sscam.kernels..");

  @ArchTest
  static final ArchRule netsKnowNoMethods =
      noClasses()
          .that()
          .resideInAnyPackage("io.sscam.nets..", "io.sscam.weights..", "io.sscam.image..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.sscam", "io.sscam.report..");

  @ArchTest
  static final ArchRule methodsKnowNoReport =
      noClasses()
          .that()
          .resideInAPackage("io.sscam")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.sscam.report..");

  @ArchTest
  static final ArchRule noCycles = slices().matching("io.sscam.(**)").should().beFreeOfCycles();
}
