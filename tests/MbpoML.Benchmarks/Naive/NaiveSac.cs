using MbpoML.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Naive;

/// <summary>
/// Soft actor-critic as one writes it first: a module a network, automatic differentiation, the library's Adam, and targets moved parameter by parameter.
/// What the library's own update is measured against; the same mathematics, actions already scaled to [-1, 1].
/// </summary>
internal sealed class NaiveSac : IDisposable
{
    private const double LearningRate = 3e-4, Discount = 0.99, Smoothing = 0.005;

    private readonly TransitionLayout _layout;
    private readonly Generator _generator;
    private readonly Sequential _actor;
    private readonly Sequential[] _critics, _targets;
    private readonly Parameter _logAlpha = new(zeros(1));
    private readonly optim.Optimizer _actorOptimizer, _criticOptimizer, _alphaOptimizer;

    public NaiveSac(TransitionLayout layout, int hidden, Generator generator)
    {
        (_layout, _generator) = (layout, generator);
        var inputs = layout.ObservationSize + layout.ActionSize;
        _actor = Network(layout.ObservationSize, hidden, 2 * layout.ActionSize);
        _critics = [Network(inputs, hidden, 1), Network(inputs, hidden, 1)];
        _targets = [Network(inputs, hidden, 1), Network(inputs, hidden, 1)];
        MoveTargets(1);
        _actorOptimizer = optim.Adam(_actor.parameters(), LearningRate);
        _criticOptimizer = optim.Adam(_critics.SelectMany(critic => critic.parameters()), LearningRate);
        _alphaOptimizer = optim.Adam([_logAlpha], LearningRate);
    }

    /// <param name="rows">[batch, width]</param>
    public void Update(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var (observation, action, next) = (_layout.Observation(rows), _layout.Action(rows), _layout.NextObservation(rows));
        var (reward, terminated) = (_layout.Reward(rows).unsqueeze(1), _layout.Terminated(rows).unsqueeze(1));
        var alpha = _logAlpha.exp().detach();

        Tensor target;
        using (no_grad())
        {
            var (nextAction, nextLogProbability) = Draw(next);
            var nextValue = min(Value(_targets[0], next, nextAction), Value(_targets[1], next, nextAction));
            target = reward + (Discount * (1 - terminated) * (nextValue - (alpha * nextLogProbability)));
        }
        var criticLoss = nn.functional.mse_loss(Value(_critics[0], observation, action), target)
            + nn.functional.mse_loss(Value(_critics[1], observation, action), target);
        _criticOptimizer.zero_grad();
        criticLoss.backward();
        _criticOptimizer.step();

        var (drawn, logProbability) = Draw(observation);
        var value = min(Value(_critics[0], observation, drawn), Value(_critics[1], observation, drawn));
        var actorLoss = ((alpha * logProbability) - value).mean();
        _actorOptimizer.zero_grad();
        actorLoss.backward();
        _actorOptimizer.step();

        var alphaLoss = -(_logAlpha * (logProbability.detach() - _layout.ActionSize)).mean();
        _alphaOptimizer.zero_grad();
        alphaLoss.backward();
        _alphaOptimizer.step();

        MoveTargets(Smoothing);
    }

    public void Dispose()
    {
        foreach (var disposable in (IDisposable[])[_actor, .. _critics, .. _targets, _logAlpha, _actorOptimizer, _criticOptimizer, _alphaOptimizer])
            disposable.Dispose();
    }

    private (Tensor Action, Tensor LogProbability) Draw(Tensor observation)
    {
        var head = _actor.forward(observation).chunk(2, 1);
        var logStandardDeviation = head[1].clamp(-20, 2);
        var noise = randn(head[0].shape, generator: _generator);
        var preTanh = head[0] + (logStandardDeviation.exp() * noise);
        var normal = (noise.square() * -0.5) - logStandardDeviation - (0.5 * Math.Log(2 * Math.PI));
        var logDerivative = 2 * (Math.Log(2) - preTanh - nn.functional.softplus(-2 * preTanh));
        return (preTanh.tanh(), (normal - logDerivative).sum(1, keepdim: true));
    }

    private void MoveTargets(double smoothing)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (critic, target) in _critics.Zip(_targets))
            foreach (var (source, destination) in critic.parameters().Zip(target.parameters())) destination.mul_(1 - smoothing).add_(source * smoothing);
    }

    private static Tensor Value(Sequential critic, Tensor observation, Tensor action) => critic.forward(cat([observation, action], 1));

    private static Sequential Network(int inputs, int hidden, int outputs) =>
        nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, outputs));
}
