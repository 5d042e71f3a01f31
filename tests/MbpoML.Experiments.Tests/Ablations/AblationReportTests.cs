using System.Globalization;
using MbpoML.Experiments.Ablations;
using MbpoML.Experiments.Tasks;
using MbpoML.Tests;
using MbpoML.Training.Metrics;

namespace MbpoML.Experiments.Tests.Ablations;

[Category("Text")]
public class AblationReportTests
{
    private static readonly TrainingTask Task = TaskCatalog.Analytic.Named("Pendulum");

    [Test]
    public void A_mean_over_fewer_seeds_than_there_are_says_so()
    {
        using var folder = new TemporaryFolder();
        var table = Table(Run(folder["a"], 1000, -100, -200, -300, -400), Run(folder["b"], 1000, -300, -400, -500, -600), Run(folder["c"], 500, -1000, -1000));
        Assert.Multiple(() =>
        {
            Assert.That(table, Does.Contain("| all | 3 | -567 ± 388 | -500 ± 141 (2 of 3 seeds) | 0.0 | 1 |"));
            Assert.That(table, Does.Contain("A seed that ended early counts with the evaluations that it came to"));
        });
    }

    [Test]
    public void A_mean_over_all_seeds_is_a_mean()
    {
        using var folder = new TemporaryFolder();
        var table = Table(Run(folder["a"], 1000, -100, -200, -300, -400), Run(folder["b"], 1000, -300, -400, -500, -600));
        Assert.Multiple(() =>
        {
            Assert.That(table, Does.Contain("| all | 2 | -350 ± 141 | -500 ± 141 | 0.0 | 0 |"));
            Assert.That(table, Does.Not.Contain("ended early counts"));
        });
    }

    [Test]
    public void Seeds_of_which_none_came_that_far_have_no_mean()
    {
        using var folder = new TemporaryFolder();
        Assert.That(Table(Run(folder["a"], 250, -100), Run(folder["b"], 0)), Does.Contain("| all | 2 | -100 (1 of 2 seeds) | - (0 of 2 seeds) |"));
    }

    private static string Table(params RunFolder[] runs) =>
        AblationReport.Read(Task, new Ablation("one", "one", [new("all", "all", _ => { })]), TaskCatalog.Analytic, _ => runs).ToMarkdown();

    // Of 1000 steps with an evaluation every 250.
    private static RunFolder Run(string path, int steps, params double[] returns)
    {
        var folder = new RunFolder(Directory.CreateDirectory(path).FullName);
        var options = RunOptions.Of(Task, null, Algorithm.Named("mbpo"), 1);
        options.MbpoSettings.Trainer.Steps = 1000;
        options.Write(folder.Options);
        File.WriteAllLines(folder.Metrics,
            returns.Select((value, index) =>
                string.Create(CultureInfo.InvariantCulture, $$"""{"step":{{(index + 1) * 250}},"{{MetricNames.EvaluationReturnMean}}":{{value}}}""")));
        new RunReport { Status = steps == 1000 ? RunStatus.Finished : RunStatus.Failed, Steps = steps }.Write(folder.Report);
        return folder;
    }
}
