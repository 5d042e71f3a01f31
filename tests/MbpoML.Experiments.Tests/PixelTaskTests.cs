using MbpoML.Algorithms.PlaNet.Presets;
using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Tests;

/// <summary>What PlaNet gets for tasks that are seen as pictures.</summary>
public class PixelTaskTests
{
    // A frame of the pendulum pays down to -32, a hundred times the square of the paper's rewards and more.
    [TestCase("PixelPendulum", 0.1)]
    [TestCase("PixelLine", 10)]
    public void The_reward_weighs_according_to_its_size_and_one_planned_episode_is_an_evaluation(string task, double rewardScale)
    {
        var preset = (PlaNetPreset)TaskCatalog.Analytic.Named(task).Presets[0].Own["planet"]();
        Assert.That((preset.Dynamics.RewardScale, preset.Trainer.EvaluationEpisodes), Is.EqualTo((rewardScale, 1)));
    }
}
