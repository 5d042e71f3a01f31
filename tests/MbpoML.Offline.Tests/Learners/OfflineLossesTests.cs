using MbpoML.Algorithms.Offline.Learners;
using static TorchSharp.torch;

namespace MbpoML.Offline.Tests.Learners;

/// <summary>Each loss and its derivative are what automatic differentiation makes of the equation.</summary>
public class OfflineLossesTests
{
    private static readonly float[] First = [0.3f, -0.8f, 0.1f, 0.9f, -0.2f, 0.5f], Second = [0.1f, 0.4f, -0.6f, 0.7f, 0f, -0.9f];
    private static readonly float[] Weights = [0.5f, 2f, 7f];

    [Test]
    public void Cloning_is_the_mean_squared_error_weighted_by_row()
    {
        var delta = new float[6];
        var loss = OfflineLosses.Clone(First, Second, Weights, delta);
        Verify(loss, delta, First, actions => ((actions - tensor(Second)).pow(2).view(3, 2) * tensor(Weights).unsqueeze(1)).mean());
    }

    [Test]
    public void Without_weights_all_rows_count_alike()
    {
        var delta = new float[6];
        var loss = OfflineLosses.Clone(First, Second, [], delta);
        Verify(loss, delta, First, actions => (actions - tensor(Second)).pow(2).mean());
    }

    [Test]
    public void A_critic_learns_the_squared_error()
    {
        var delta = new float[6];
        var loss = OfflineLosses.Squared(First, Second, delta);
        Verify(loss, delta, First, values => (values - tensor(Second)).pow(2).mean());
    }

    [TestCase(0.5)]
    [TestCase(0.7)]
    [TestCase(0.9)]
    public void The_expectile_loss_is_its_equation(double expectile)
    {
        var delta = new float[6];
        var loss = OfflineLosses.Expectile(Second, First, expectile, delta);
        Verify(loss, delta, First, values =>
        {
            var difference = tensor(Second) - values;
            return ((expectile - difference.lt(0).to(ScalarType.Float32)).abs() * difference.pow(2)).mean();
        });
    }

    // The expectile m of numbers solves τ Σ (x - m)+ = (1 - τ) Σ (m - x)+; found here by halving.
    [TestCase(0.5)]
    [TestCase(0.7)]
    [TestCase(0.95)]
    public void The_loss_is_least_at_the_expectile_of_the_values(double expectile)
    {
        var (low, high) = (-1.0, 1.0);
        for (var step = 0; step < 60; step++)
        {
            var middle = (low + high) / 2;
            var balance = Second.Sum(value => value > middle ? expectile * (value - middle) : (1 - expectile) * (value - middle));
            (low, high) = balance > 0 ? (middle, high) : (low, middle);
        }

        var (delta, values) = (new float[6], new float[6]);
        Array.Fill(values, (float)low);
        OfflineLosses.Expectile(Second, values, expectile, delta);
        Assert.That(delta.Sum(), Is.Zero.Within(1e-6));
    }

    [Test]
    public void Better_actions_are_copied_exponentially_more_up_to_a_limit()
    {
        var weights = new float[6];
        OfflineLosses.AdvantageWeights(First, Second, temperature: 3, most: 10, weights);
        Assert.That(weights, Is.EqualTo(First.Zip(Second, (q, v) => (float)Math.Min(10, Math.Exp(3 * (q - v))))).Within(1e-5f));
    }

    [Test]
    public void Lambda_is_alpha_over_the_mean_size_of_the_values() =>
        Assert.That(OfflineLosses.Lambda(First, 2.5), Is.EqualTo(2.5 / First.Average(Math.Abs)).Within(1e-5));

    [Test]
    public void Values_of_zero_give_a_finite_lambda() => Assert.That(OfflineLosses.Lambda(new float[4], 2.5), Is.Positive.And.LessThan(1e7));

    private static void Verify(double loss, float[] delta, float[] at, Func<Tensor, Tensor> equation)
    {
        using var scope = NewDisposeScope();
        var leaf = tensor(at).requires_grad_();
        var expected = equation(leaf);
        var gradient = autograd.grad([expected], [leaf])[0];
        Assert.Multiple(() =>
        {
            Assert.That(loss, Is.EqualTo(expected.item<float>()).Within(1e-5));
            Assert.That(delta, Is.EqualTo(gradient.data<float>().ToArray()).Within(1e-6f));
        });
    }
}
