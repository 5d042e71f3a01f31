using MbpoML.Components;
using MbpoML.Environments;
using MbpoML.Evaluation.Diagnostics;
using MbpoML.Policies;
using Microsoft.ML;

namespace MbpoML.Tests.Evaluation.Diagnostics;

/// <summary>The paper's experiment on a line whose edge the collecting policy never sees.</summary>
public class GeneralizationTests
{
    [Test]
    public void The_error_grows_with_the_shift_and_falls_with_the_data_and_equal_seeds_give_equal_curves()
    {
        var reported = new List<GeneralizationCurve>();
        var curves = Run(reported);
        var again = Run([]);
        Assert.Multiple(() =>
        {
            Assert.That(curves.Select(curve => curve.TrainingSize), Is.EqualTo(new[] { 40, 1000 }), "ascending, in whatever order they were given");
            Assert.That(curves.Select(curve => curve.Points.Count), Has.All.EqualTo(3));
            Assert.That(curves[0].Points[0].Shift.MeanDivergence, Is.Zero.Within(1e-12), "the first policy is the collecting one");
            // 1/2 (push / σ)², by hand.
            Assert.That(curves[0].Points.Select(point => point.Shift.MeanDivergence),
                Is.EqualTo(new[] { 0, 0.5 * Math.Exp(4) * 0.01, 0.5 * Math.Exp(4) * 0.09 }).Within(1e-4));
            foreach (var curve in curves)
                Assert.That(curve.Points[2].Error.MeanTotalVariation, Is.GreaterThan(1.3 * curve.Points[0].Error.MeanTotalVariation),
                    "farther away the model knows less");
            Assert.That(curves[1].Points[0].Error.MeanTotalVariation, Is.LessThan(curves[0].Points[0].Error.MeanTotalVariation), "more data, less error");
            Assert.That(curves[0].Points[0].Error.Scale, Is.EqualTo(curves[1].Points[2].Error.Scale), "all errors are in one unit");
            Assert.That(reported, Is.EqualTo(curves));
            Assert.That(again.SelectMany(curve => curve.Points).Select(point => point.Error.MeanTotalVariation),
                Is.EqualTo(curves.SelectMany(curve => curve.Points).Select(point => point.Error.MeanTotalVariation)));
        });
    }

    [Test]
    public void The_error_is_that_of_the_collecting_policy_and_the_slope_comes_from_the_points_near_it()
    {
        var curve = new GeneralizationCurve(10, [Point(0, 0.1), Point(0.2, 0.1), Point(0.4, 0.3), Point(0.9, 0.31)]);
        var near = curve.Fit(0.5);
        Assert.Multiple(() =>
        {
            Assert.That(near.ErrorOnData, Is.EqualTo(0.1), "as measured; a line of least squares would begin at 0.067");
            // By hand: (0.2 · 0 + 0.4 · 0.2) / (0.04 + 0.16).
            Assert.That(near.Slope, Is.EqualTo(0.4).Within(1e-12));
            Assert.That(curve.Fit(0.4).Slope, Is.EqualTo(near.Slope), "the limit counts");
            Assert.That(curve.Fit(1).Slope, Is.LessThan(0.3), "far away Pinsker's bound has nothing more to say");
            Assert.That(new GeneralizationCurve(10, [Point(0, 0.1), Point(0, 0.3), Point(0.5, 0.3)]).Fit().ErrorOnData, Is.EqualTo(0.2).Within(1e-12),
                "of several that have not moved the mean");
        });
    }

    [Test]
    public void What_a_line_needs_is_said()
    {
        var moved = new GeneralizationCurve(10, [Point(0.2, 0.2), Point(0.4, 0.3)]);
        var far = new GeneralizationCurve(10, [Point(0, 0.1), Point(0.2, 0.2), Point(0.9, 0.3)]);
        Assert.That(() => moved.Fit(),
            Throws.InvalidOperationException.With.Message.Contains("None of 2 policies has a shift of 0").And.Message.Contains("collected the data"));
        Assert.That(() => far.Fit(0.1), Throws.InvalidOperationException.With.Message.Contains("None of 3 policies has a shift above 0 and of at most 0.1"));
    }

    private static IReadOnlyList<GeneralizationCurve> Run(List<GeneralizationCurve> reported)
    {
        using var environment = new EdgeEnvironment();
        PolicyTransformer[] policies = [Policy(0), Policy(0.1f), Policy(0.3f)];
        try
        {
            return new MLContext(seed: 1).Reinforcement().Diagnostics.Generalization(environment, policies, new GeneralizationOptions
            {
                TrainingSizes = [1000, 40],
                TestTransitions = 400,
                Dynamics = { HiddenSizes = [16, 16], MemberCount = 3, EliteCount = 2, MaxOptimizerSteps = 400, TargetNormalization = true },
                Seed = 3,
                Progress = new Listener(reported),
            });
        }
        finally
        {
            foreach (var policy in policies) policy.Dispose();
        }
    }

    // One that pushes with a constant mean, so that it drifts towards the edge.
    private static PolicyTransformer Policy(float push) => new(
        new ComponentContext(new MLContext(seed: 1)),
        new ActorParameters(1, BoxSpace.Uniform(1, -2, 2), [[0, 0]], [[push, -2]], (-20, 2)));

    private static GeneralizationPoint Point(double shift, double error) => new(new PolicyShift(0, 0, shift, shift), new ModelError(error, 0, 0, [1], error));

    /// <summary>A point on a line that is moved by the action, and thrown back where it passes 0.8: the collecting policy stays short of it.</summary>
    private sealed class EdgeEnvironment : IEnvironment
    {
        private double _x;
        private int _step;

        public BoxSpace ObservationSpace { get; } = BoxSpace.Unbounded(1);

        public BoxSpace ActionSpace { get; } = BoxSpace.Uniform(1, -2, 2);

        public void Reset(int seed, Span<double> observation) => (_x, _step, observation[0]) = (0, 0, 0);

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            _x = _x > 0.8 ? _x - 1 : _x + (0.3 * action[0]);
            observation[0] = _x;
            return new StepResult(_x, Terminated: false, Truncated: ++_step >= 20);
        }

        public void Dispose()
        {
        }
    }

    private sealed class Listener(List<GeneralizationCurve> reported) : IProgress<GeneralizationCurve>
    {
        public void Report(GeneralizationCurve value) => reported.Add(value);
    }
}
