using System.Text;
using System.Text.Json.Nodes;
using MbpoML.Experiments.Tasks;
using MbpoML.Tests;
using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Tests.Runs;

[Category("Text")]
public class RunOptionsTests
{
    private static IEnumerable<TestCaseData> All =>
        from task in TaskList.All
        from preset in task.Presets
        from algorithm in Algorithm.All
        select new TestCaseData(task.Name, preset.Name, algorithm.Name);

    [TestCaseSource(nameof(All))]
    public void What_was_written_is_read_back_the_same(string task, string preset, string algorithm)
    {
        using var folder = new TemporaryFolder();
        var options = RunOptions.Of(TaskList.Named(task), preset, Algorithm.Named(algorithm), 7);
        var (rate, sizes, own) = algorithm switch
        {
            "dhmbpo" => ("Policy.ActorLearningRate", "Dynamics.HiddenSizes=[32, 64]", "Trainer.FirstUpdates=7"),
            "pets" => ("Dynamics.LearningRate", "Dynamics.WeightDecays=[1e-5, 0, 2.5]", "CrossEntropy.Candidates=70"),
            "planet" => ("Dynamics.LearningRate", "Dynamics.RewardHiddenSizes=[32, 65]", "CrossEntropy.Candidates=170"),
            "metrpo" => ("Dynamics.LearningRate", "Dynamics.WeightDecays=[1e-5, 0, 2.5]", "Rollouts.Starts=Episodes"),
            "ppo" => ("Policy.LearningRate", "Policy.HiddenSizes=[32, 64]", "Trainer.StepsPerUpdate=7"),
            _ => ("Policy.LearningRate", "Dynamics.WeightDecays=[1e-5, 0, 2.5]", "Trainer.ModelTrainingSchedule=Growing(100, 2000, 0.07)"),
        };
        options.Set($"{rate}=1.0000000000000002e-4");
        options.Set(sizes);
        options.Set("Trainer.Overlap=Environment");
        options.Set("Trainer.StepTimeout=00:00:01.5");
        options.Set(own);
        options.Set("Trainer.Checkpoints.Every=");
        options.Set("Trainer.Checkpoints.EverySteps=1e4");
        options.Write(folder["options.json"]);
        var read = RunOptions.Read(folder["options.json"], TaskList.Catalog);
        read.Write(folder["again.json"]);
        Assert.Multiple(() =>
        {
            Assert.That(read.Settings.Describe(), Is.EqualTo(options.Settings.Describe()));
            Assert.That((read.Task, read.Preset, read.Algorithm, read.Seed), Is.EqualTo((options.Task, preset, options.Algorithm, 7)));
            Assert.That(read.Settings.Describe()[rate], Is.EqualTo("0.00010000000000000002"));
            Assert.That(read.Changes.Keys,
                Is.SupersetOf(new[] { rate, "Trainer.StepTimeout" }).And.Not.Contains("Trainer.Checkpoints.EverySteps"));
            Assert.That(File.ReadAllText(folder["again.json"]), Is.EqualTo(File.ReadAllText(folder["options.json"])));
        });
    }

    [Test]
    public void An_option_that_is_newer_than_a_run_is_as_the_run_had_it_and_one_that_a_person_left_out_is_the_presets()
    {
        const string Newer = "Policy.CriticAtEnds";
        using var folder = new TemporaryFolder();
        var options = RunOptions.Of(TaskList.Named("Pendulum"), "tuned", Algorithm.Named("dhmbpo"), 1);
        Assert.That(options.Settings.Describe()[Newer], Is.EqualTo("true"), "the preset has it, and the class has not");
        options.Write(folder["options.json"]);
        var file = JsonNode.Parse(File.ReadAllText(folder["options.json"]))!;
        file["Policy"]!.AsObject().Remove("CriticAtEnds");
        File.WriteAllText(folder["options.json"], file.ToJsonString());
        var before = RunOptions.Read(folder["options.json"], TaskList.Catalog);
        File.WriteAllText(folder["own.json"], "{\"task\": \"Pendulum\", \"algorithm\": \"dhmbpo\", \"Policy\": {\"Critics\": 4}}");
        var own = RunOptions.Read(folder["own.json"], TaskList.Catalog);
        Assert.Multiple(() =>
        {
            Assert.That(before.Changes, Is.EqualTo(new Dictionary<string, string> { [Newer] = "false" }));
            Assert.That(own.Changes, Is.EqualTo(new Dictionary<string, string> { ["Policy.Critics"] = "4" }));
        });
    }

    [TestCase("", "no options.json that can be used")]
    [TestCase("[]", "no options.json that can be used")]
    [TestCase("{}", "it names no task")]
    [TestCase("{\"task\": 3}", "no options.json that can be used")]
    [TestCase("{\"task\": \"Pendulum\", \"Trainer\": {\"Stepz\": 3}}", "There is no option 'Trainer.Stepz'. The nearest: Trainer.Steps")]
    [TestCase("{\"task\": \"Pendulum\", \"Trainer\": 3}", "There is no option 'Trainer'")]
    [TestCase("{\"task\": \"Pendulum\", \"preset\": \"paper\"}", "Allowed: tuned, fast")]
    [TestCase("{\"task\": \"Pendulum\", \"seed\": \"x\"}", "no options.json that can be used")]
    public void A_file_that_is_none_is_refused(string content, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["options.json"], content);
        Assert.That(() => RunOptions.Read(folder["options.json"], TaskList.Catalog), Throws.TypeOf<RunSpecException>().With.Message.Contains(expected));
    }

    [Test]
    public void A_file_that_an_editor_saved_with_a_byte_order_mark_is_read()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["options.json"], "{\r\n\"task\": \"Pendulum\"}\r\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        File.WriteAllText(folder["report.json"], "{\"status\":\"interrupted\",\"steps\":3}", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.That(RunOptions.Read(folder["options.json"], TaskList.Catalog).Task.Name, Is.EqualTo("Pendulum"));
        Assert.That(RunReport.Read(folder["report.json"]) is { Status: RunStatus.Interrupted, Steps: 3 });
    }

    [Test]
    public void A_preset_is_one_whatever_the_case_of_its_name()
    {
        using var folder = new TemporaryFolder();
        RunOptions.Of(TaskList.Named("Pendulum"), "FAST", Algorithm.Named("mbpo"), 1).Write(folder["options.json"]);
        Assert.That(RunOptions.Read(folder["options.json"], TaskList.Catalog).Preset, Is.EqualTo("fast"));
        Assert.That(File.ReadAllText(folder["options.json"]), Does.Contain("\"preset\": \"fast\""));
    }

    // HalfCheetah has six actions; its preset gives MBPO the target entropy -3.
    [Test]
    public void Soft_actor_critic_is_the_published_one_and_a_run_of_before_keeps_what_its_file_says()
    {
        using var folder = new TemporaryFolder();
        var now = RunOptions.Of(TaskList.Named("HalfCheetah"), null, Algorithm.Named("sac"), 1);
        now.Write(folder["now.json"]);
        File.WriteAllText(folder["before.json"],
            File.ReadAllText(folder["now.json"]).Replace("\"TargetEntropy\": null", "\"TargetEntropy\": -3", StringComparison.Ordinal));
        var (read, before) = (RunOptions.Read(folder["now.json"], TaskList.Catalog), RunOptions.Read(folder["before.json"], TaskList.Catalog));
        Assert.Multiple(() =>
        {
            Assert.That((now.MbpoSettings.Policy.TargetEntropy, now.MbpoSettings.Trainer.UpdatesPerStep), Is.EqualTo(((double?)null, 1)));
            Assert.That(RunOptions.Of(TaskList.Named("HalfCheetah"), null, Algorithm.Named("mbpo"), 1).MbpoSettings.Policy.TargetEntropy, Is.EqualTo(-3));
            Assert.That((read.MbpoSettings.Policy.TargetEntropy, read.Changes), Is.EqualTo(((double?)null, new Dictionary<string, string>())));
            Assert.That(before.MbpoSettings.Policy.TargetEntropy, Is.EqualTo(-3), "resumed, it goes on as it began");
            Assert.That(before.Changes, Is.EqualTo(new Dictionary<string, string> { ["Policy.TargetEntropy"] = "-3" }),
                "plots and reports tell it from the published one");
            Assert.That(before.IsSameRun(read), Is.False);
        });
    }

    [Test]
    public void A_file_may_leave_out_what_the_preset_says()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["options.json"], "{\"task\": \"pendulum\", \"Policy\": {\"Discount\": 0.9}}");
        Assert.That(RunOptions.Read(folder["options.json"], TaskList.Catalog).Changes,
            Is.EqualTo(new Dictionary<string, string> { ["Policy.Discount"] = "0.9" }));
    }
}
