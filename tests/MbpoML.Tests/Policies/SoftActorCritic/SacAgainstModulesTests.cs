using MbpoML.Numerics;
using MbpoML.Numerics.Networks;
using MbpoML.Policies.SoftActorCritic;
using static MbpoML.Tests.Policies.SoftActorCritic.SacSamples;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.SoftActorCritic;

/// <summary>Whole SAC steps against a straightforward implementation with modules, autograd and the library's own Adam.</summary>
public class SacAgainstModulesTests
{
    [TestCase(Acceleration.Reference)]
    [TestCase(Acceleration.Auto)]
    public void Five_steps_equal_those_of_modules_and_optimizers(Acceleration acceleration)
    {
        const int Batch = 24, Updates = 5, Seed = 7;
        var settings = Settings(4, 2, 32, 16);
        using var scope = NewDisposeScope();
        using var learner = Learner(settings, acceleration, seed: Seed);
        var actor = Network(settings.Actor, learner.State.Actor[0]);
        var critics = new[] { Network(settings.Critic, learner.State.Critics[0]), Network(settings.Critic, learner.State.Critics[1]) };
        var targets = new[] { Network(settings.Critic, learner.State.Targets[0]), Network(settings.Critic, learner.State.Targets[1]) };
        var logAlpha = new TorchSharp.Modules.Parameter(zeros(1));
        var actorOptimizer = optim.Adam(actor.parameters(), 3e-4);
        var criticOptimizer = optim.Adam(critics.SelectMany(critic => critic.parameters()), 3e-4);
        var alphaOptimizer = optim.Adam([logAlpha], 3e-4);
        var noises = Noise(Seed, Batch, 2, Updates);

        for (var update = 0; update < Updates; update++)
        {
            var rows = Rows(settings.Layout, Batch, update);
            Step(settings, rows, noises[update], actor, critics, targets, logAlpha, actorOptimizer, criticOptimizer, alphaOptimizer);
            learner.Update(rows);
        }

        float[] expected = [.. Flat(actor), .. critics.SelectMany(Flat), .. targets.SelectMany(Flat), .. Floats(logAlpha.detach())];
        Assert.That(LargestDifference(AllParameters(learner), expected), Is.LessThan(3e-6));
    }

    private static void Step(
        SacSettings settings, Tensor rows, Tensor noise, nn.Module<Tensor, Tensor> actor,
        nn.Module<Tensor, Tensor>[] critics, nn.Module<Tensor, Tensor>[] targets, Tensor logAlpha,
        optim.Optimizer actorOptimizer, optim.Optimizer criticOptimizer, optim.Optimizer alphaOptimizer)
    {
        var parts = rows.split([4, 2, 1, 4, 1, 1], 1);
        var (observation, reward, next, terminated) = (parts[0], parts[2], parts[3], parts[4]);
        var low = tensor(settings.ActionSpace.Low.ToArray(), float32);
        var high = tensor(settings.ActionSpace.High.ToArray(), float32);
        var action = ((parts[1] - low) / (high - low) * 2) - 1;
        var alpha = logAlpha.exp().detach();

        Tensor target;
        using (no_grad())
        {
            var (nextAction, nextLogProbability) = Draw(actor, next, noise[..24]);
            var input = cat([next, nextAction], 1);
            target = reward + (0.99 * (1 - terminated) * (min(targets[0].forward(input), targets[1].forward(input)) - (alpha * nextLogProbability)));
        }
        var taken = cat([observation, action], 1);
        var criticLoss = (nn.functional.mse_loss(critics[0].forward(taken), target) * 0.5) + (nn.functional.mse_loss(critics[1].forward(taken), target) * 0.5);
        var (drawn, logProbability) = Draw(actor, observation, noise[24..]);
        var drawnInput = cat([observation, drawn], 1);
        var actorLoss = ((alpha * logProbability) - min(critics[0].forward(drawnInput), critics[1].forward(drawnInput))).mean();
        var alphaLoss = -(logAlpha * (logProbability.detach() + settings.TargetEntropy)).mean();

        // The actor's loss first: it also reaches the critics, whose gradients are cleared before their own loss.
        actorOptimizer.zero_grad();
        actorLoss.backward();
        criticOptimizer.zero_grad();
        criticLoss.backward();
        alphaOptimizer.zero_grad();
        alphaLoss.backward();
        actorOptimizer.step();
        criticOptimizer.step();
        alphaOptimizer.step();
        using var noGrad = no_grad();
        foreach (var (critic, follower) in critics.Zip(targets))
            foreach (var (source, destination) in critic.parameters().Zip(follower.parameters())) destination.mul_(0.995).add_(source * 0.005);
    }

    private static (Tensor Action, Tensor LogProbability) Draw(nn.Module<Tensor, Tensor> actor, Tensor observation, Tensor noise)
    {
        var head = actor.forward(observation).split([2, 2], 1);
        var standardDeviation = head[1].clamp(-20, 2).exp();
        var preTanh = head[0] + (standardDeviation * noise);
        var normal = -((preTanh - head[0]) / standardDeviation).square() / 2 - standardDeviation.log() - (0.5 * Math.Log(2 * Math.PI));
        return (preTanh.tanh(), (normal - (1 - preTanh.tanh().square()).log()).sum(1, keepdim: true));
    }

    private static nn.Module<Tensor, Tensor> Network(NetworkShape shape, Tensor flat)
    {
        var modules = new List<nn.Module<Tensor, Tensor>>();
        using var noGrad = no_grad();
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var linear = nn.Linear(shape.In(layer), shape.Out(layer));
            linear.weight.copy_(flat.narrow(0, shape.WeightOffset(layer), shape.In(layer) * shape.Out(layer)).view(shape.In(layer), shape.Out(layer)).t());
            linear.bias!.copy_(flat.narrow(0, shape.BiasOffset(layer), shape.Out(layer)));
            modules.Add(linear);
            if (layer < shape.Layers - 1) modules.Add(nn.ReLU());
        }
        return nn.Sequential(modules);
    }

    private static float[] Flat(nn.Module<Tensor, Tensor> network) =>
        [.. network.parameters().SelectMany(parameter => Floats((parameter.Dimensions == 2 ? parameter.detach().t() : parameter.detach()).contiguous()))];
}
