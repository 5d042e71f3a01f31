using MbpoML.Environments.Tasks;
using MbpoML.Experiments.Evaluations;
using MbpoML.Tests;
using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Tests.Runs;

public class OpenedRunTests
{
    [Test]
    public void What_is_imagined_is_judged_as_in_training()
    {
        using var folder = new TemporaryFolder();
        var trained = ToolResult.Of("train", "CartPoleSwingUp", "--out", folder["run"], "--steps", "20", "--workers", "1", "--set",
            "Trainer.InitialExplorationSteps=10", "Trainer.EvaluationEpisodes=0");
        Assert.That(trained.Code, Is.Zero, trained.Errors);
        using var given = OpenedRun.Newest(new RunFolder(folder["run"]), TaskList.Catalog);
        using var own = OpenedRun.Newest(new RunFolder(TrainedRun.Folder), TaskList.Catalog);
        Assert.Multiple(() =>
        {
            Assert.That(given.Environment.Reward, Is.Null, "the task lets the model learn the reward");
            Assert.That(given.Reward, Is.SameAs(CartPoleSwingUpEnvironment.KnownReward), "and its preset gives it");
            Assert.That(own.Reward, Is.EqualTo(own.Environment.Reward));
            Assert.That(own.Termination, Is.EqualTo(own.Environment.Termination));
        });
    }
}
