using MbpoML.Dynamics.Latent;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Latent;

/// <summary>The losses are those of the paper's code, with every factor.</summary>
public class RecurrentStateSpaceLossesTests
{
    [Test]
    public void The_frame_costs_half_the_squared_difference_summed_over_its_pixels()
    {
        using var scope = NewDisposeScope();
        var frame = tensor(new[] { 0f, 1, 2, 3, 0, 0, 0, 0 }, 2, 1, 2, 2);
        var predicted = tensor(new[] { 1f, 1, 0, 3, 0, 0, 0, 2 }, 2, 1, 2, 2);
        Assert.That(Values(RecurrentStateSpaceLosses.Frame(frame, predicted)), Is.EqualTo(new[] { 2.5f, 2 }));
    }

    [Test]
    public void The_reward_costs_half_the_squared_difference()
    {
        using var scope = NewDisposeScope();
        Assert.That(Values(RecurrentStateSpaceLosses.Reward(tensor(new[] { 1f, 2 }), tensor(new[] { 3f, 2 }))), Is.EqualTo(new[] { 2f, 0 }));
    }

    [Test]
    public void The_reward_counts_ten_times_and_the_divergence_once()
    {
        using var scope = NewDisposeScope();
        var options = new RecurrentStateSpaceTrainer.Options();
        var loss = new RecurrentStateSpaceLoss(tensor(3f), tensor(0.5f), tensor(7f), tensor(4f), options.RewardScale, options.DivergenceScale);
        Assert.That(loss.Total.item<float>(), Is.EqualTo(3 + 5 + 4));
    }

    // By the definition, as a sum over a fine grid, each dimension by itself.
    [Test]
    public void The_divergence_is_that_of_posterior_from_prior_summed_over_dimensions()
    {
        using var scope = NewDisposeScope();
        (double Mean, double Deviation)[] posterior = [(0.3, 0.5), (-1, 1.2)], prior = [(-0.2, 0.8), (0.5, 0.6)];
        var divergence = RecurrentStateSpaceLosses.Divergence(Normal(posterior), Normal(prior)).item<float>();
        var expected = posterior.Zip(prior).Sum(pair => Integral(pair.First, pair.Second));
        Assert.Multiple(() =>
        {
            Assert.That(divergence, Is.EqualTo(expected).Within(1e-4));
            Assert.That(
                RecurrentStateSpaceLosses.Divergence(Normal(prior), Normal(posterior)).item<float>(), Is.Not.EqualTo(expected).Within(0.1), "the sides count");
            Assert.That(RecurrentStateSpaceLosses.Divergence(Normal(prior), Normal(prior)).item<float>(), Is.Zero.Within(1e-6));
        });
    }

    // Of the mean of both, 3, nothing would be left.
    [Test]
    public void Nats_are_free_for_each_step_before_the_mean()
    {
        using var scope = NewDisposeScope();
        var divergence = tensor(new[] { 0f, 6 });
        Assert.That(RecurrentStateSpaceLosses.AboveFree(divergence, 3).mean().item<float>(), Is.EqualTo(1.5f));
    }

    [Test]
    public void Below_the_free_nats_there_is_no_gradient_and_above_it_goes_into_both_sides()
    {
        using var scope = NewDisposeScope();
        Assert.Multiple(() =>
        {
            Assert.That(Gradients(nats: 100), Is.All.Zero);
            Assert.That(Gradients(nats: 0), Has.None.Zero);
        });

        static float[] Gradients(double nats)
        {
            var leaves = Enumerable.Range(0, 4).Select(index => tensor(new[] { 0.4f + (0.3f * index) }, 1, 1, requires_grad: true)).ToArray();
            var divergence = RecurrentStateSpaceLosses.Divergence(new LatentNormal(leaves[0], leaves[1]), new LatentNormal(leaves[2], leaves[3]));
            return [.. autograd.grad([RecurrentStateSpaceLosses.AboveFree(divergence, nats).mean()], leaves).Select(gradient => gradient.item<float>())];
        }
    }

    private static LatentNormal Normal((double Mean, double Deviation)[] dimensions) => new(
        tensor(dimensions.Select(dimension => (float)dimension.Mean).ToArray()).unsqueeze(0),
        tensor(dimensions.Select(dimension => (float)dimension.Deviation).ToArray()).unsqueeze(0));

    private static double Integral((double Mean, double Deviation) posterior, (double Mean, double Deviation) prior)
    {
        const double Step = 1e-3;
        return Enumerable.Range(-12_000, 24_000).Sum(index =>
        {
            var (logPosterior, logPrior) = (LogDensity(index * Step, posterior), LogDensity(index * Step, prior));
            return Math.Exp(logPosterior) * (logPosterior - logPrior) * Step;
        });
    }

    private static double LogDensity(double x, (double Mean, double Deviation) normal) =>
        -0.5 * Math.Pow((x - normal.Mean) / normal.Deviation, 2) - Math.Log(normal.Deviation) - (0.5 * Math.Log(2 * Math.PI));

    private static float[] Values(Tensor tensor) => tensor.data<float>().ToArray();
}
