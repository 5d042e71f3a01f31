using System.Text.Json.Nodes;
using MbpoML.Experiments.Ablations;
using MbpoML.Experiments.Tasks;
using MbpoML.Tests;
using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Tests.Commands;

public class AblateTests
{
    private static readonly string[] Tiny =
    [
        "--steps", "160", "--set", "Trainer.InitialExplorationSteps=60", "Trainer.EpochLength=50", "Trainer.ModelTrainingInterval=50",
        "Trainer.UpdatesPerStep=2", "Trainer.EvaluationEpisodes=1",
        "Dynamics.MaxOptimizerSteps=10", "Dynamics.HiddenSizes=[8]", "Rollouts.BatchSize=600", "Policy.HiddenSizes=[8]",
    ];

    [Test]
    public void Variants_are_trained_once_drawn_and_told()
    {
        using var folder = new TemporaryFolder();
        string[] command = ["ablate", "Pendulum", "--study", "rollout-length", "no-model", "--seeds", "1", "--out", folder["runs"], "--pictures",
            folder["pictures"], .. Tiny];
        var first = ToolResult.Of(command);
        Assert.That(first.Code, Is.Zero, first.Errors);
        var written = File.GetLastWriteTimeUtc(folder["runs", "k-200", "seed-1", "report.json"]);
        Assert.Multiple(() =>
        {
            Assert.That(Directory.GetDirectories(folder["runs"]).Select(Path.GetFileName),
                Is.EquivalentTo(new[] { "k-1", "k-linear", "k-200", "k-500", "mbpo", "no-model", "no-model-one-update" }));
            Assert.That(File.Exists(folder["pictures", "ablation-pendulum-rollout-length.png"]));
            Assert.That(File.ReadAllText(folder["pictures", "ablation-pendulum-no-model.csv"]), Does.Contain("\"no model, one update a step\",1,160,"));
            Assert.That(first.Output, Does.Match(@"k-200/seed-1: run \d of 7 begins, \d left after it").And.Contain("run 7 of 7 begins, 0 left after it")
                .And.Contain("k-200/seed-1  00:00:"));
            Assert.That(first.Output, Does.Match(@"\| k = 200 \| 1 \| -[\d,]+ \| -[\d,]+ \| \d+\.\d \| 0 \|"));
            // As many imagined transitions whatever the length: 600 rollouts of the preset's 3 steps are 9 of 200.
            Assert.That(File.ReadAllText(folder["runs", "k-200", "seed-1", "options.json"]),
                Does.Contain("\"batchSize\": 9").IgnoreCase.And.Contain("Constant(200)"));
        });

        // A run of before there was a limit is still the same run: rollouts of one length need none.
        var options = folder["runs", "k-200", "seed-1", "options.json"];
        var content = JsonNode.Parse(File.ReadAllText(options))!;
        Assert.That(content["Rollouts"]!.AsObject().Remove("MaxTransitions"), "it is written");
        File.WriteAllText(options, content.ToJsonString());
        var second = ToolResult.Of(command);
        Assert.That(second.Code, Is.Zero, second.Errors);
        Assert.That(File.GetLastWriteTimeUtc(folder["runs", "k-200", "seed-1", "report.json"]), Is.EqualTo(written));
        ToolResult.Of([.. command, "Policy.LearningRate=0.5"]).MustFail(ExitCodes.BadArguments, "holds a run with other settings");
    }

    [Test]
    public void No_branching_imagines_more_transitions_than_another_whatever_the_length()
    {
        // 600 rollouts of the preset's 3 steps; a refit an epoch, so the pool holds what one branching imagined. The pendulum ends no rollout.
        const int Most = 1800;
        using var folder = new TemporaryFolder();
        // A large step moves the policy, so that the bound wants long rollouts.
        var result = ToolResult.Of(
            ["ablate", "Pendulum", "--study", "rollout-length", "schedule", "--seeds", "1", "--out", folder["runs"], .. Tiny, "Policy.LearningRate=0.03",
                "Trainer.Steps=260"]);
        Assert.That(result.Code, Is.Zero, result.Errors);
        Assert.Multiple(() =>
        {
            Assert.That(Directory.GetDirectories(folder["runs"]).Select(Path.GetFileName),
                Is.EquivalentTo(new[] { "k-1", "k-linear", "k-200", "k-500", "mbpo", "bound" }));
            foreach (var (variant, lengths) in Directory.GetDirectories(folder["runs"]).Select(run => (Path.GetFileName(run), Metric(run, "rollout/length"))))
                Assert.That(Metric(folder["runs", variant], "rollout/pool-count"), Is.EqualTo(lengths.Select(length => Most / length * length)),
                    $"{variant}: {string.Join(", ", lengths)}");
            Assert.That(Metric(folder["runs", "k-linear"], "rollout/length"), Is.EqualTo(new[] { 1, 8, 15, 15 }));
            Assert.That(Metric(folder["runs", "bound"], "rollout/length"), Has.Some.GreaterThan(1).And.Some.EqualTo(1));
        });

        static int[] Metric(string variant, string name) =>
            [.. File.ReadLines(Path.Combine(variant, "seed-1", "metrics.jsonl")).Select(line => JsonNode.Parse(line)![name]).OfType<JsonNode>()
                .Select(value => (int)value.GetValue<double>())];
    }

    [Test]
    public void A_preset_whose_rollouts_grow_is_limited_only_where_lengths_are_compared()
    {
        var schedule = AblationList.Named("schedule");
        var (pendulum, growing) = (RunOptions.Of(TaskList.Named("Pendulum"), null, Algorithm.Named("mbpo"), 1),
            RunOptions.Of(TaskList.Named("Pendulum"), null, Algorithm.Named("mbpo"), 1));
        growing.Set("Rollouts.Schedule=Linear(0, 4, 2, 10)");
        Assert.Multiple(() =>
        {
            Assert.That(schedule.On(pendulum).Variants.Select(variant => variant.Name), Is.EqualTo(new[] { "mbpo", "k-1", "bound" }));
            Assert.That(schedule.On(growing).Variants.Select(variant => variant.Name), Is.EqualTo(new[] { "mbpo-limited", "k-1", "bound" }));
            Assert.That(schedule.On(growing).Variants.Select(variant => variant.For(growing, 1).MbpoSettings.Rollouts)
                .Select(rollouts => (rollouts.BatchSize, rollouts.MaxTransitions)), Is.EqualTo(new (int, int?)[]
            {
                (10_000, 20_000), (20_000, null), (20_000, 20_000),
            }));
            Assert.That(AblationList.Named("no-model").On(growing).Variants[0].For(growing, 1).IsSameRun(growing), "MBPO as it is");
        });
    }

    [TestCase("There is no ablation 'rollout-lenght'. Did you mean rollout-length?", "Pendulum", "--study", "rollout-lenght")]
    [TestCase("There is no task 'Pendulem'", "Pendulem")]
    [TestCase("are no seeds", "Pendulum", "--seeds", "a")]
    [TestCase("There is no option 'Policy.LerningRate'", "Pendulum", "--set", "Policy.LerningRate=1")]
    public void Arguments_that_are_not_understood_are_said(string message, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        ToolResult.Of(["ablate", .. arguments, "--out", folder["runs"]]).MustFail(ExitCodes.BadArguments, message);
    }

    [Test]
    public void Nothing_is_written_where_one_of_the_folders_is_in_use()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["no-model", "seed-2", "tensorboard"]);
        ToolResult.Of(["ablate", "Pendulum", "--study", "no-model", "--seeds", "1,2", "--out", folder.FullName, .. Tiny])
            .MustFail(ExitCodes.BadArguments, "which a run would write over");
        Assert.That(Directory.GetFiles(folder.FullName, "*", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public void Every_variant_of_every_study_can_be_used_on_every_task()
    {
        using var folder = new TemporaryFolder();
        foreach (var task in TaskList.All)
        {
            var settings = RunOptions.Of(task, null, Algorithm.Named("mbpo"), 1);
            foreach (var variant in AblationList.All.SelectMany(study => study.Variants))
            {
                var options = variant.For(settings, 2);
                Assert.That(() => options.Check(), Throws.Nothing, $"{task.Name}, {variant.Label}");
                // options.json must hold all of it.
                options.Write(folder["options.json"]);
                Assert.That(RunOptions.Read(folder["options.json"], TaskList.Catalog).IsSameRun(options), $"{task.Name}, {variant.Label}");
            }
        }
    }

    [Test]
    public void Variants_of_one_name_are_one_variant() =>
        Assert.That(AblationList.All.SelectMany(study => study.Variants).GroupBy(variant => variant.Name)
            .Select(group => group.Select(variant => variant.Label).Distinct().Count()), Has.All.EqualTo(1));
}
