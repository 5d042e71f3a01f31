using MbpoML.Experiments.Studies;
using MbpoML.Tests;

namespace MbpoML.Tool.Tests.Commands;

[Category("Text")]
public class StudyTests
{
    private static readonly string[] Tiny =
    [
        "--algorithm", "sac", "--trials", "2", "--generation", "2", "--seeds", "1", "--steps", "200", "--rungs", "2", "--reduction", "2", "--final-seeds", "1",
        "--sampler", "random", "--set", "Trainer.InitialExplorationSteps=60", "Trainer.EpochLength=50", "Trainer.EvaluationEpisodes=1",
        "Policy.HiddenSizes=[8]",
    ];

    [Test]
    public void A_study_is_begun_run_shown_and_its_best_options_are_told()
    {
        using var folder = new TemporaryFolder();
        var study = folder["study"];
        Assert.That(Succeeds(["study", "new", study, "Pendulum", "--space", "Policy.LearningRate=1e-4..1e-2 log", "Policy.BatchSize=[32]|64", .. Tiny],
            ExitCodes.BadArguments), Does.Contain("Policy.BatchSize cannot be '[32]'"));
        Assert.That(Succeeds(["study", "new", study, "Pendulum", "--space", "Policy.LearningRate=1e-4..1e-2 log", "Policy.BatchSize=32|64", .. Tiny]),
            Does.Contain("2 trials with 1 seeds, looked at after 100, 200 steps: 500 steps in all."));
        Assert.That(Succeeds(["study", "best", study], ExitCodes.Failed), Does.Contain("is not at its end"));
        Assert.That(Succeeds(["study", "show", study]), Does.Contain("Not at its end. Go on with: mbpo study run"));
        var run = Succeeds(["study", "run", study, "--parallel", "2"]);
        Assert.Multiple(() =>
        {
            Assert.That(run, Does.Contain("study: trials 0, 1 of 2 to 100 steps; 0 % done"));
            Assert.That(run, Does.Match(@"study: trials [01] of 2 to 200 steps; 40 % done, about \d\d:\d\d:\d\d left"));
            Assert.That(run, Does.Match(@"study: the best trial, [01], with 1 fresh seeds"));
            Assert.That(run, Does.Match(@"Best: trial [01] of 2\. With 1 fresh seeds it returns -[\d.]+ ± 0\.0 in 200 steps\."));
            Assert.That(Succeeds(["study", "show", study]), Does.Contain("pruned").And.Contain("finished"));
            Assert.That(Succeeds(["study", "best", study]), Does.Match(@"--set 'Policy\.LearningRate=0\.\d+' 'Policy\.BatchSize=(32|64)'"));
            Assert.That(Succeeds(["report", study]), Does.Contain("SAC"), "its runs are ordinary runs");
        });
        var journal = File.ReadAllText(folder["study", Study.JournalFile]);
        Succeeds(["study", "run", study]);
        Assert.That(File.ReadAllText(folder["study", Study.JournalFile]), Is.EqualTo(journal), "at its end nothing happens");
    }

    [TestCase("Name a task, or an environment", "new", "FOLDER", "--space", "A.B=1..2")]
    [TestCase("There is no task 'Pendulem'", "new", "FOLDER", "Pendulem", "--space", "Policy.LearningRate=0.1..0.2")]
    [TestCase("is no parameter of a study", "new", "FOLDER", "Pendulum", "--space", "Policy.LearningRate")]
    [TestCase("There is no sampler 'grid'", "new", "FOLDER", "Pendulum", "--space", "Policy.LearningRate=0.1..0.2", "--sampler", "grid")]
    [TestCase("is no study", "run", "FOLDER")]
    [TestCase("is no study", "show", "FOLDER")]
    public void Arguments_that_are_not_understood_are_said(string message, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        ToolResult.Of(["study", .. arguments.Select(argument => argument == "FOLDER" ? folder["study"] : argument)]).MustFail(ExitCodes.BadArguments, message);
        Assert.That(Directory.Exists(folder["study"]), Is.False);
    }

    private static string Succeeds(string[] arguments, int code = ExitCodes.Success)
    {
        var result = ToolResult.Of(arguments);
        Assert.That(result.Code, Is.EqualTo(code), $"{string.Join(' ', arguments)}: {result.Errors}{result.Output}");
        return result.Output + result.Errors;
    }
}
