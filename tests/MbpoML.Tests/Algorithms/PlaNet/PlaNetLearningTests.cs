using MbpoML.Algorithms.PlaNet.Presets;
using MbpoML.Tests.Fakes;
using Microsoft.ML;

namespace MbpoML.Tests.Algorithms.PlaNet;

/// <summary>PlaNet learns from pictures what takes a memory: the speed that none of them shows.</summary>
public class PlaNetLearningTests
{
    private const int Episodes = 5;

    [Test]
    public void A_dot_is_brought_to_the_middle_better_than_by_any_constant_and_by_any_push_towards_it()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var dot = new DotLineEnvironment();
        var preset = new PlaNetPreset();
        (preset.Trainer.Steps, preset.Trainer.EpochLength, preset.Trainer.Seed, preset.Trainer.EvaluationEpisodes) = (25 * 20, 500, 1, 0);
        (preset.Trainer.SeedEpisodes, preset.Trainer.UpdatesPerFit) = (10, 40);
        var model = preset.Dynamics;
        (model.DeterministicSize, model.StochasticSize, model.HiddenSize, model.FirstFilters) = (32, 8, 32, 16);
        (model.RewardHiddenSizes, model.BatchSize, model.ChunkLength, model.WarmUpUpdates) = ([32], 16, 12, 50);
        // A dot is a small object.
        (model.FreeNats, model.LearningRate, model.AdamEpsilon) = (0.2, 2e-3, 1e-5);
        var search = preset.CrossEntropy;
        (search.Candidates, search.Elites, search.Iterations, preset.Planner.Horizon) = (60, 8, 4, 10);
        using var planner = rl.PlaNet(dot, preset).Fit();
        var learned = rl.Evaluate(planner, dot, Episodes, seed: 5).MeanReturn;
        var constant = Enumerable.Range(-10, 21).Max(action => Return(_ => action / 10.0));
        var memoryless = Enumerable.Range(0, 61).Max(gain => Return(place => Math.Clamp(-gain * 0.1 * place, -1, 1)));
        TestContext.Out.WriteLine($"learned {learned:F2}, best constant {constant:F2}, best push {memoryless:F2}");
        Assert.That(learned, Is.GreaterThan(Math.Max(constant, memoryless) + 1));

        double Return(Func<double, double> act)
        {
            var (sum, observation, action) = (0.0, new double[256], new double[1]);
            for (var episode = 0; episode < Episodes; episode++)
            {
                dot.Reset(MbpoML.Numerics.Random.Seeds.Derive(5, "evaluation-episode", episode), observation);
                for (var isDone = false; !isDone;)
                {
                    action[0] = act(dot.Place);
                    var result = dot.Step(action, observation);
                    (sum, isDone) = (sum + result.Reward, result.Truncated);
                }
            }

            return sum / Episodes;
        }
    }
}
