using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Saving;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CustomDynamics;

/// <summary>
/// A TorchSharp module that predicts the change of the observation and the reward. Each fit trains on from where the last one ended, and the state is saved by
/// name, so that a run that was stopped goes on exactly.
/// </summary>
internal sealed class NetworkLearner : IDynamicsLearner, IDynamicsModel, ISaved
{
    private const int BatchSize = 256, StepsPerFit = 500, Units = 64;
    private const double LearningRate = 2e-3;

    private readonly nn.Module<Tensor, Tensor> _network;
    private readonly Parameter[] _weights;
    private readonly Tensor _inputs, _outputs;      // [2, size]: mean and standard deviation of what goes in and comes out
    private readonly Generator _draws;
    private bool _isFitted;

    public NetworkLearner(TransitionLayout layout, int seed)
    {
        Layout = layout;
        var (inputs, outputs) = (layout.ObservationSize + layout.ActionSize, layout.ObservationSize + 1);
        _network = nn.Sequential(
            nn.Linear(inputs, Units), nn.SiLU(), nn.Linear(Units, Units), nn.SiLU(), nn.Linear(Units, outputs));
        _weights = [.. _network.parameters()];
        (_inputs, _outputs) = (zeros(2, inputs).DetachFromDisposeScope(), zeros(2, outputs).DetachFromDisposeScope());
        _draws = new Generator((ulong)seed);
        Draw();
    }

    public TransitionLayout Layout { get; }

    public string Name => "network-dynamics";

    public bool IsEnsemble => false;

    public bool PredictsTermination => false;

    public IDynamicsModel Model => _isFitted ? this : throw new InvalidOperationException("Nothing was fitted yet.");

    public IReadOnlyDictionary<string, double> Fit(Tensor rows, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var (inputs, outputs) = (Join(Layout.Observation(rows), Layout.Action(rows)), Outcomes(rows));
        Measure(inputs, _inputs);
        Measure(outputs, _outputs);
        // A new optimizer for each fit: its moments are then no part of the state that is saved.
        using var optimizer = optim.Adam(_weights, LearningRate);
        var last = 0.0;
        for (var step = 0; step < StepsPerFit; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var batch = NewDisposeScope();
            var chosen = randint(rows.size(0), [BatchSize], int64, generator: _draws);
            var error = _network.forward(Scale(inputs[chosen], _inputs)) - Scale(outputs[chosen], _outputs);
            var loss = error.square().mean();
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            last = loss.item<float>();
        }

        _isFitted = true;
        return new Dictionary<string, double> { ["model/network-loss"] = last };
    }

    public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator)
    {
        // This model is sure of everything; one with noise would draw it from the generator.
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var outcome = (_network.forward(Scale(Join(observation, action), _inputs)) * _outputs[1]) + _outputs[0];
        return new DynamicsSample(
            (observation + outcome.narrow(1, 0, Layout.ObservationSize)).MoveToOuterDisposeScope(),
            outcome.select(1, Layout.ObservationSize).clone().MoveToOuterDisposeScope());
    }

    public void Save(IStateWriter to)
    {
        foreach (var (index, weight) in _weights.Index()) to.Add($"weight-{index}", weight);
        to.Add("inputs", _inputs);
        to.Add("outputs", _outputs);
        using var draws = _draws.get_state();
        to.Add("draws", draws);
        to.Add("fitted", _isFitted ? 1 : 0);
    }

    public void Restore(IStateReader from)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (index, weight) in _weights.Index()) weight.copy_(from.Tensor($"weight-{index}", ScalarType.Float32, weight.shape));
        _inputs.copy_(from.Tensor("inputs", ScalarType.Float32, _inputs.shape));
        _outputs.copy_(from.Tensor("outputs", ScalarType.Float32, _outputs.shape));
        _draws.set_state(from.Tensor("draws"));
        _isFitted = from.Count("fitted") == 1;
    }

    public void Dispose()
    {
        _network.Dispose();
        _inputs.Dispose();
        _outputs.Dispose();
        _draws.Dispose();
    }

    // TorchSharp's own start comes from a generator of the whole process; equal seeds must give equal models whatever else runs.
    private void Draw()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var weight in _weights)
        {
            var bound = 1 / Math.Sqrt(weight.shape[^1]);
            weight.copy_((rand(weight.shape, generator: _draws) * 2 * bound) - bound);
        }
    }

    private Tensor Outcomes(Tensor rows) =>
        Join(Layout.NextObservation(rows) - Layout.Observation(rows), Layout.Reward(rows).unsqueeze(1));

    private static Tensor Join(Tensor first, Tensor second) => cat([first, second], 1);

    private static Tensor Scale(Tensor values, Tensor moments) => (values - moments[0]) / moments[1];

    // What never changes has the deviation 0, and must not be divided by it.
    private static void Measure(Tensor values, Tensor moments)
    {
        moments[0].copy_(values.mean([0L]));
        moments[1].copy_(values.std(0).clamp_min(1e-6));
    }
}
