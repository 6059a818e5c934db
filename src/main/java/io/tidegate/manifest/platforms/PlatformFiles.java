package io.tidegate.manifest.platforms;

import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.Severity;
import io.tidegate.source.SourceFile;
import io.tidegate.source.SourceFile.Location;
import io.tidegate.source.SourceFile.Note;
import io.tidegate.source.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The files of platforms other than Compose and Kubernetes: those that are read, and those that are not. */
public final class PlatformFiles {
  private static final Pattern FLY = Pattern.compile("fly(?:[._-][\\w.-]+)?\\.toml");

  /** In a directory, JSON files of other names are settings of tools, of which there are many. */
  private static final Pattern JSON =
      Pattern.compile(".*(?:task|service|ecs|fargate|job|nomad).*\\.json");

  private static final Pattern DEPLOYS =
      Pattern.compile("\"(?:containerDefinitions|taskDefinition|TaskGroups)\"");

  private static final List<Unread> UNREAD =
      List.of(
          new Unread(
              ".*\\.(?:nomad|hcl)",
              "(?m)^\\s*job\\s+\"",
              "is a Nomad job in HCL",
              "Check it as JSON: nomad job run -output FILE > nomad-job.json"),
          new Unread(
              ".*\\.tf",
              "aws_ecs_(?:service|task_definition)|kubernetes_(?:deployment|stateful_set)"
                  + "|google_cloud_run|azurerm_container_app|docker_container|nomad_job",
              "is Terraform that deploys containers",
              "Check what it deploys, as in: aws ecs describe-task-definition --task-definition NAME"
                  + " > task.json"),
          new Unread(
              ".*\\.(?:ya?ml|json|template)",
              "AWS::ECS::(?:TaskDefinition|Service)",
              "is a CloudFormation template that deploys containers",
              "Check what it deploys: aws ecs describe-task-definition --task-definition NAME >"
                  + " task.json"),
          new Unread(
              "manifest\\.ya?ml",
              "(?m)^type:\\s*['\"]?(?:Load Balanced Web|Backend|Worker|Request-Driven Web) Service",
              "is a manifest of AWS Copilot",
              "Check what it deploys: copilot svc package, then aws ecs describe-task-definition"),
          new Unread(
              "railway\\.(?:toml|json)",
              "(?i)deploy|build",
              "is a configuration of Railway",
              "Check the Compose file or manifest that it stands beside, if there is one"),
          new Unread(
              "app\\.ya?ml",
              "(?m)^\\s*-?\\s*instance_(?:size_slug|count):",
              "is an app spec of DigitalOcean",
              "Check the Compose file or manifest that it stands beside, if there is one"));

  private final EcsReader ecs = new EcsReader();
  private final NomadReader nomad = new NomadReader();
  private final RenderReader render = new RenderReader();
  private final FlyReader fly = new FlyReader();

  /** Files that deploy containers in a form that is not read. */
  private record Unread(Pattern name, Pattern text, String what, String remedy) {
    Unread(String name, String text, String what, String remedy) {
      this(Pattern.compile(name), Pattern.compile(text), what, remedy);
    }
  }

  /** Whether a file that is found in a directory may be one of these. */
  public static boolean mayBe(String name) {
    String file = last(name);
    return FLY.matcher(file).matches()
        || JSON.matcher(file).matches()
        || UNREAD.stream().anyMatch(unread -> unread.name.matcher(file).matches());
  }

  /** Whether such a file is one of these by what is in it. */
  public static boolean deploys(SourceFile file) {
    String name = last(file.name());
    return FLY.matcher(name).matches()
        || unread(file, false).isPresent()
        || (JSON.matcher(name).matches() && DEPLOYS.matcher(file.text()).find());
  }

  /**
   * What is noted about a file that deploys containers and is not read; empty where it may be read.
   *
   * @param named whether someone named the file itself
   */
  public static Optional<Note> unread(SourceFile file, boolean named) {
    String name = last(file.name());
    // What is neither YAML nor JSON could not be read in any case.
    boolean surely = named && !name.matches(".*\\.(?:ya?ml|json|template)");
    return UNREAD.stream()
        .filter(unread -> unread.name.matcher(name).matches())
        .filter(unread -> surely || unread.text.matcher(file.text()).find())
        .findFirst()
        .map(unread ->
            new Note(
                named ? Severity.WARNING : Severity.NOTICE,
                Location.start(file.name()),
                unread.what + ", which is not read, so it is not checked",
                unread.remedy));
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
  }

  /** Adds a document, if it is one of these. */
  public boolean add(SourceFile file, YamlNode document) {
    // Other tools have a section [build] or [env] too: under another name it must name an app.
    boolean fly = FLY.matcher(last(file.name())).matches() || document.text("app") != null;
    return file.name().endsWith(".toml")
        ? fly && this.fly.add(document)
        : ecs.add(document) || nomad.add(document) || render.add(document);
  }

  /** All that they deploy. */
  public List<Stack> stacks() {
    List<Stack> stacks = new ArrayList<>(ecs.stacks());
    stacks.addAll(nomad.stacks());
    stacks.addAll(render.stacks());
    stacks.addAll(fly.stacks());
    return stacks;
  }

  /** What was not checked. */
  public List<Note> notes() {
    return ecs.notes();
  }
}
