using MbpoML.Environments;
using MbpoML.Tests.Dynamics.Latent;
using MbpoML.Tests.Fakes;
using Microsoft.ML;

namespace MbpoML.Tests.Evaluation.Diagnostics;

/// <summary>What a latent model imagines beside what happened.</summary>
public class OpenLoopTests
{
    [Test]
    public void The_frames_that_happened_stand_beside_those_that_are_imagined()
    {
        var rl = new MLContext(seed: 1).Reinforcement();
        using var learner = DotLineWorld.Learner(DotLineWorld.Tiny());
        using var planner = rl.Policies.LatentPlanner(learner.Model, DotLineWorld.Actions,
            rl.Planning.CrossEntropy(new() { Candidates = 6, Elites = 3, Iterations = 2 }), new() { Horizon = 2 }, seed: 1);
        using var dot = new DotLineEnvironment { Length = 9 };
        var prediction = rl.Diagnostics.OpenLoop(planner, dot, seen: 3, steps: 20, seed: 4);
        var again = rl.Diagnostics.OpenLoop(planner, dot, seen: 3, steps: 20, seed: 4);
        Assert.Multiple(() =>
        {
            Assert.That((prediction.Actual.Count, prediction.Imagined.Count, prediction.Seen), Is.EqualTo((10, 10, 3)), "the episode ends before");
            Assert.That(prediction.Actual[0], Is.Not.EqualTo(prediction.Actual[9]));
            Assert.That(prediction.ActualRewards[9], Is.EqualTo(-dot.Place * dot.Place));
            Assert.That(prediction.ErrorsOfRepeated, Has.Count.EqualTo(7));
            Assert.That(prediction.ErrorsOfImagined, Has.All.GreaterThan(20), "nothing was learned yet");
            Assert.That(again.Imagined[9], Is.EqualTo(prediction.Imagined[9]), "equal seeds");
        });
    }

    [Test]
    public void Errors_are_roots_of_mean_squares()
    {
        var prediction = new MbpoML.Evaluation.Diagnostics.OpenLoopPrediction(
            new FrameShape(1, 1, 2), 1, [[0, 0], [3, 4], [0, 8]], [[0, 0], [0, 0], [0, 0]], [0, 0, 0], [0, 0, 0]);
        Assert.That(prediction.ErrorsOfImagined, Is.EqualTo(new[] { Math.Sqrt(12.5), Math.Sqrt(32) }));
        Assert.That(prediction.ErrorsOfRepeated, Is.EqualTo(prediction.ErrorsOfImagined));
    }
}
