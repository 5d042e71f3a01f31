using MbpoML.Data;
using MbpoML.Imagination;
using MbpoML.Policies.SoftActorCritic;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.SoftActorCritic;

/// <summary>The rows of model-based value expansion against targets that follow from a model known by hand.</summary>
public partial class ValueExpansionTests
{
    private const double Discount = 0.9;
    private const double Scale = 2;
    private static readonly TransitionLayout Layout = new(1, 1);

    [Test]
    public void The_target_adds_up_the_imagined_rewards_and_goes_on_from_the_last_state([Values(1, 2, 3)] int steps)
    {
        // The model counts up by one, earns the state it starts from, and is over beyond 2. Without entropy bonus (α = 0) nothing depends on the drawn actions.
        static ImaginedStep Count(Tensor state, Tensor action, Generator generator) => new(state + 1, state.squeeze(1), (state + 1).squeeze(1) > 2);
        using var expansion = new ValueExpansion(Settings(steps), seed: 3);
        using var scaling = new ActionScaling(SacSamples.Bounds(1), CPU);
        using var rows = Rows((0.25f, 5, 0), (1.5f, 5, 0), (0, 5, 1));
        var expanded = expansion.Expand(rows, 0, Count, Head(0, -1), scaling, tensor(new[] { float.NegativeInfinity }));
        for (var row = 0; row < 3; row++)
        {
            // y = c r + Σ g_h c r̂_h + g_H V(s_H), step by step.
            var (state, reward, weight) = ((double)rows[row, Layout.NextObservationOffset].item<float>(), Scale * 5, Discount * (row == 2 ? 0 : 1));
            for (var step = 0; step < steps && weight > 0; step++)
            {
                reward += weight * Scale * state;
                state++;
                weight *= state > 2 ? 0 : Discount;
            }

            Assert.Multiple(() =>
            {
                Assert.That(Scale * expanded[row, Layout.RewardOffset].item<float>(), Is.EqualTo(reward).Within(1e-5), $"row {row}: reward");
                Assert.That(Discount * (1 - expanded[row, Layout.TerminatedOffset].item<float>()), Is.EqualTo(weight).Within(1e-6),
                    $"row {row}: weight of what comes after");
                if (weight > 0)
                    Assert.That(expanded[row, Layout.NextObservationOffset].item<float>(), Is.EqualTo(state).Within(1e-6), $"row {row}: last state");
            });
        }

        Assert.That(expanded.narrow(1, 0, 2).equal(rows.narrow(1, 0, 2)).all().item<bool>(), "what was observed and done stays");
    }

    [Test]
    public void Rows_that_are_over_are_not_asked_about()
    {
        var asked = new List<float>();
        ImaginedStep Fall(Tensor state, Tensor action, Generator generator)
        {
            asked.AddRange(state.data<float>().ToArray());
            // Beyond the end there is no reward.
            return new ImaginedStep(state - 1, state.squeeze(1).log(), (state - 1).squeeze(1) <= 0);
        }

        using var expansion = new ValueExpansion(Settings(5), seed: 3);
        using var scaling = new ActionScaling(SacSamples.Bounds(1), CPU);
        using var rows = Rows((-9, 1, 1), (1.5f, 1, 0), (2.5f, 1, 0));
        using var all = Rows((-9, 1, 1));
        var expanded = expansion.Expand(rows, 0, Fall, Head(0, -1), scaling, zeros(1));
        Assert.That(asked, Has.Count.EqualTo(9).And.All.GreaterThan(0), "three steps, after which all are over");
        Assert.That(Layout.Reward(expanded).isfinite().all().item<bool>());
        Assert.That(Layout.Terminated(expanded).data<float>().ToArray(), Is.EqualTo(new[] { 1f, 1, 1 }));
        Assert.That(Scale * expanded[0, Layout.RewardOffset].item<float>(), Is.EqualTo(Scale).Within(1e-6), "of a row that was over before nothing is added");
        expansion.Expand(all, 0, Fall, Head(0, -1), scaling, zeros(1));
        Assert.That(asked, Has.Count.EqualTo(9), "where all are over, nothing is asked");
    }

    [Test]
    public void Each_imagined_step_brings_its_entropy_bonus()
    {
        const int Count = 100_000;
        const double Mean = 0.4, Log = -0.7, Alpha = 0.3;
        using var expansion = new ValueExpansion(Settings(1), seed: 4);
        using var scaling = new ActionScaling(SacSamples.Bounds(1), CPU);
        using var rows = zeros(Count, Layout.Width);
        using var expanded = expansion.Expand(rows, 0, (state, _, _) => new ImaginedStep(state, zeros(Count), zeros(Count, ScalarType.Bool)), Head(Mean, Log),
            scaling, tensor(new[] { (float)Math.Log(Alpha) })).clone();
        var measured = Scale * Layout.Reward(expanded).mean().item<float>();
        // The entropy of the squashed Gaussian: that of the Gaussian, plus the mean of log(1 - tanh²), by adding up over its density.
        const int Points = 20_000;
        var (deviation, mean) = (Math.Exp(Log), 0.0);
        for (var point = 0; point < Points; point++)
        {
            var z = (16.0 * (point + 0.5) / Points) - 8;
            mean += Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * 16 / Points * Math.Log(1 - Math.Pow(Math.Tanh(Mean + (deviation * z)), 2));
        }

        var entropy = (0.5 * Math.Log(2 * Math.PI * Math.E)) + Log + mean;
        Assert.That(measured, Is.EqualTo(Discount * Alpha * entropy).Within(5 * Discount * Alpha * 0.9 / Math.Sqrt(Count)));
    }

    [Test]
    public void Draws_follow_from_the_number_of_updates_and_a_discount_of_zero_expands_nothing()
    {
        static ImaginedStep Follow(Tensor state, Tensor action, Generator generator) =>
            new(action + randn(state.shape, generator: generator), zeros(state.shape[0]), zeros(state.shape[0], ScalarType.Bool));
        using var scaling = new ActionScaling(SacSamples.Bounds(1), CPU);
        using var rows = Rows((0, 1, 0), (0, 1, 0));
        float Next(long updates, int first)
        {
            using var expansion = new ValueExpansion(Settings(2), seed: 5);
            for (var update = first; update < updates; update++) expansion.Expand(rows, update, Follow, Head(0, 0), scaling, zeros(1));
            return expansion.Expand(rows, updates, Follow, Head(0, 0), scaling, zeros(1))[0, Layout.NextObservationOffset].item<float>();
        }

        using var none = new ValueExpansion(Settings(2) with { Discount = 0 }, seed: 5);
        Assert.Multiple(() =>
        {
            Assert.That(Next(7, first: 0), Is.EqualTo(Next(7, first: 7)), "a resumed run draws the same");
            Assert.That(Next(8, first: 8), Is.Not.EqualTo(Next(7, first: 7)));
            Assert.That(none.Expand(rows, 0, Follow, Head(0, 0), scaling, zeros(1)), Is.SameAs(rows));
        });
    }

    [Test]
    public void Rows_are_lent_from_memory_that_is_used_again_and_given_back()
    {
        static ImaginedStep Stay(Tensor state, Tensor action, Generator generator) =>
            new(state.clone(), zeros(state.shape[0]), zeros(state.shape[0], ScalarType.Bool));
        var expansion = new ValueExpansion(Settings(1), seed: 5);
        using var scaling = new ActionScaling(SacSamples.Bounds(1), CPU);
        using var three = Rows((0, 1, 0), (0, 2, 0), (0, 3, 0));
        using var one = Rows((0, 4, 0));
        Tensor Expand(Tensor rows) => expansion.Expand(rows, 0, Stay, Head(0, -1), scaling, zeros(1));
        var first = Expand(three);
        Assert.That(Expand(three), Is.SameAs(first));
        var second = Expand(one);
        Assert.That(second.shape, Is.EqualTo(one.shape));
        Assert.That(first.IsInvalid, "memory of another size takes the place of the old");
        expansion.Dispose();
        Assert.That(second.IsInvalid);
    }

    private static SacSettings Settings(int steps) =>
        SacSamples.Settings(1, 1, 4) with { Discount = Discount, RewardScale = Scale, ValueExpansionSteps = steps };

    private static Func<Tensor, Tensor> Head(double mean, double log) => state => tensor(new[] { (float)mean, (float)log }).expand(state.shape[0], 2);

    // Next observation, reward and whether the task is over.
    private static Tensor Rows(params (float Next, float Reward, float Terminated)[] rows)
    {
        var values = new float[rows.Length, Layout.Width];
        for (var row = 0; row < rows.Length; row++)
            (values[row, Layout.NextObservationOffset], values[row, Layout.RewardOffset], values[row, Layout.TerminatedOffset]) = rows[row];
        return tensor(values);
    }
}
