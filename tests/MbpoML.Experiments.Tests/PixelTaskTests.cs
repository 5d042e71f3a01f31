using MbpoML.Algorithms.PlaNet.Presets;
using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Tests;

/// <summary>What PlaNet gets for tasks that are seen as pictures.</summary>
public class PixelTaskTests
{
    // A frame of the pendulum pays down to -32, a hundred times the square of the paper's rewards and more.
    // Its frames differ by less than the paper's three nats, which cost nothing.
    [TestCase("PixelPendulum", 0.1, 0.5)]
    [TestCase("PixelLine", 10, 3)]
    public void The_losses_weigh_according_to_the_task_and_one_planned_episode_is_an_evaluation(string task, double rewardScale, double freeNats)
    {
        var preset = (PlaNetPreset)TaskCatalog.Analytic.Named(task).Presets[0].Own["planet"]();
        Assert.That((preset.Dynamics.RewardScale, preset.Dynamics.FreeNats, preset.Trainer.EvaluationEpisodes), Is.EqualTo((rewardScale, freeNats, 1)));
    }
}
