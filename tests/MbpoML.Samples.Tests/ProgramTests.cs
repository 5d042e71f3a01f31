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
}
