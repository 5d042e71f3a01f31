using System.Text.RegularExpressions;

namespace MbpoML.Samples.Tests;

/// <summary>The programs of the samples from their first to their last line, with few steps.</summary>
public class ProgramTests
{
    // Networks of a few units, and stages of a few steps: what is learned is not looked at.
    private static readonly string[] Short =
    [
        "--set", "Trainer.Steps=60", "Trainer.InitialExplorationSteps=40", "Trainer.EpochLength=20", "Trainer.ModelTrainingInterval=20",
        "Trainer.UpdatesPerStep=1", "Trainer.EvaluationEpisodes=1", "Trainer.ModelReturnRollouts=0", "Dynamics.MaxOptimizerSteps=20",
        "Dynamics.HiddenSizes=[8]", "Policy.HiddenSizes=[8]", "Rollouts.BatchSize=100",
    ];

    [Test]
    public void Both_models_take_the_place_of_the_ensemble()
    {
        var written = SampleProgram.Run("CustomDynamics", Short);
        Assert.That(written, Does.Match(@"trees: mean return \d+\.\d").And.Match(@"network: mean return \d+\.\d"));
    }

    [Test]
    public void The_diagnostics_say_how_far_the_model_can_be_trusted_and_open_the_same_run_again()
    {
        using var folder = new TemporaryFolder();
        string Written() => SampleProgram.Run("Diagnostics", ["--out", folder["run"], .. Short]);
        var first = Written();
        Assert.That(first, Does.Contain("steps ahead").And.Contain("promised").And.Match(@"90 %\s+\d+ %").And.Match(@"model error [01]\.\d{3}"));
        Assert.That(Written(), Is.EqualTo(first[first.IndexOf("steps ahead", StringComparison.Ordinal)..]), "without training, and with the same numbers");
    }

    [Test]
    public void The_study_on_two_workers_finds_its_best_trial_and_is_over_when_it_is_started_again()
    {
        using var folder = new TemporaryFolder();
        // The study itself sets the steps of its runs and the updates, and looks at trials after 30 of the 90 steps.
        var settings = Short.Where(argument => argument is not ("Trainer.Steps=60" or "Trainer.UpdatesPerStep=1"))
            .Select(argument => argument.Replace("Steps=40", "Steps=20", StringComparison.Ordinal));
        string Written() => SampleProgram.Run("StudyOnTwoWorkers", ["--out", folder["study"], "--steps", "90", "--in-process", .. settings]);
        var first = Written();
        Assert.That(first, Does.Match(@"best: Policy\.LearningRate=\S+ Trainer\.UpdatesPerStep=\d+, with fresh seeds -\d+"));
        Assert.That(first.TrimEnd(), Does.EndWith(Written().TrimEnd()));
    }

    [Test]
    public void The_planner_says_how_long_its_decisions_took()
    {
        // How many there are depends on the machine: each late one costs a period.
        var written = SampleProgram.Run("PlannerControlLoop", "--steps", "10");
        Assert.That(written, Does.Contain("planned with the delay: return -").And.Match(@"\d+ decisions: half within"));
    }

    [Test]
    public void The_robot_of_ones_own_trains_with_the_settings_of_its_size()
    {
        var written = SampleProgram.Run("MujocoRobot", Short);
        Assert.That(written, Does.Match(@"mean return -?\d+\.\d .* of 250 steps"));
    }

    [Test]
    public void The_quick_start_trains_saves_draws_and_lets_the_reloaded_policy_act()
    {
        using var folder = new TemporaryFolder();
        var written = SampleProgram.Run("Quickstart", ["--seed", "3", "--out", folder["run"], .. Short]);
        Assert.Multiple(() =>
        {
            Assert.That(written, Does.Match(@"an episode with the reloaded .+policy\.zip: return -\d+\.\d"));
            Assert.That(written, Does.Match(@"mean return -\d+\.\d .* after 60 steps"));
            Assert.That(new FileInfo(folder["run", "policy.zip"]), Has.Length.GreaterThan(0));
            Assert.That(new FileInfo(folder["run", "policy.onnx"]), Has.Length.GreaterThan(0), "what the sample AotController reads");
            Assert.That(File.ReadAllBytes(folder["run", "learning-curve.png"])[1..4], Is.EqualTo("PNG"u8.ToArray()));
            Assert.That(File.ReadAllLines(folder["run", "metrics.jsonl"]), Has.Length.EqualTo(1), "one epoch follows the exploration");
            Assert.That(Directory.GetFiles(folder["run", "tensorboard"]), Is.Not.Empty);
        });
    }

    [Test]
    public void The_environment_of_ones_own_is_tried_at_random_and_trained_on()
    {
        var written = SampleProgram.Run("CustomEnvironment", Short);
        Assert.That(Regex.Count(written, @"random episode \d: return -?\d+\.\d in \d+ steps, t"), Is.EqualTo(5));
        Assert.That(written, Does.Match(@"after 60 steps: return -?\d+\.\d").And.Match(@"trained: mean return -?\d+\.\d"));
    }

    [Test]
    public void A_policy_is_learned_from_the_log_of_a_plant_judged_and_tried()
    {
        using var folder = new TemporaryFolder();
        var written = SampleProgram.Run("FromLogs", "--out", folder["page"], "--episodes", "10", "--updates", "40");
        Assert.That(written, Does.Match(@"(?m)^(Better|Worse|NotDecidable): ").And.Match(@"(?m)^- ").And.Match(@"controller -99\.5, policy -\d+\.\d"));
        Assert.That(File.ReadAllText(folder["page", "report.html"]), Does.Contain("TD3+BC from the log of a simulated thermal plant"));
    }

    [Test]
    public void A_policy_is_learned_from_recordings_without_a_simulator()
    {
        using var folder = new TemporaryFolder();
        var rows = from experiment in Enumerable.Range(1, 6)
                   from second in Enumerable.Range(0, 601)
                   select FormattableString.Invariant($"{experiment},{second},{second % 50},{10 * experiment},{40 + (second % 3)},{39 + experiment},41,42");
        File.WriteAllLines(folder["tclab_cl.csv"], rows.Prepend("experiment,second,heater_1,heater_2,temperature_1,temperature_2,setpoint_1,setpoint_2"));
        var written = SampleProgram.Run("FromLogs", "--data", folder.FullName, "--out", folder["page"], "--updates", "40");
        Assert.That(written, Does.Match(@"tclab_cl\.csv, 6: mean squared error \d+\.\d").And.Not.Contain("In the simulator"));
        Assert.That(File.ReadAllText(folder["page", "report.html"]), Does.Contain("TD3+BC from recordings of a TCLab"));
    }

    [Test]
    public void Of_the_process_control_tasks_the_one_that_is_named_is_trained_and_compared()
    {
        var written = SampleProgram.Run("ProcessControl", ["cart", "--seed", "3", .. Short]);
        Assert.That(written, Does.Match(@"cart, seed 3: PI controller -\d+\.\d{3}, learned policy -\d+\.\d{3}, \d+ s, 60 steps an episode"));
        Assert.That(written, Does.Contain("step 60 of 60").And.Not.Contain("reactor").And.Not.Contain("room"));
    }

    [Test]
    public void A_search_of_gains_finds_those_of_the_cart_again() =>
        Assert.That(SampleProgram.Run("ProcessControl", "cart", "tune"), Does.Contain("cart: [1.582, 1000], return -12.988"));

    [Test]
    public void OpenTelemetry_sees_the_counters_and_the_activities_of_a_run()
    {
        var written = SampleProgram.Run("Telemetry", "260");
        Assert.That(written, Does.Match(@"mbpoml\.environment\.steps,(.*\n){1,5}?Value: 260\b").And.Match(@"mbpoml\.policy\.updates,(.*\n){1,5}?Value: 100\b"));
        Assert.That(
            Regex.Matches(written, @"Activity\.DisplayName: +(.+)").Select(match => match.Groups[1].Value.Trim()).Distinct(),
            Is.EquivalentTo(new[] { "fit model", "roll out", "evaluate", "run" }));
    }

    // AotController has to be published first, which tests/scripts/first-contact.sh does, and TrainingServiceTests start the service.
    [Test]
    public void No_sample_is_left_out()
    {
        var samples = Directory.GetDirectories(Repository.At("samples")).Select(folder => Path.GetFileName(folder));
        var tests = File.ReadAllText(Repository.At("tests", "MbpoML.Samples.Tests", "ProgramTests.cs"));
        var without = samples.Where(sample => !tests.Contains($"Run(\"{sample}\"", StringComparison.Ordinal));
        Assert.That(without, Is.EquivalentTo(new[] { "AotController", "TrainingService" }));
    }
}
