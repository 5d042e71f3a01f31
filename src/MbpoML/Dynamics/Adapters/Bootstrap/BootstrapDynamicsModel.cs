using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Adapters.Bootstrap;

/// <summary>The members of a bootstrap ensemble as a dynamics model. Not safe for concurrent use.</summary>
internal sealed class BootstrapDynamicsModel : IEnsembleDynamicsModel
{
    private readonly BoundPipeline[] _members;

    // By member, [1 + observation]; kept as arrays, so that there is nothing to dispose.
    private readonly float[][] _deviations;

    public BootstrapDynamicsModel(IReadOnlyList<BootstrapMember> members, TransitionLayout layout, TransitionColumns columns)
    {
        Layout = layout;
        var outputs = 1 + layout.ObservationSize;
        _deviations = [.. members.Select(member => member.Deviations)];
        _members =
        [
            .. members.Select((member, number) => new BoundPipeline(
                member.Pipeline, layout, columns,
                schema => [.. Enumerable.Range(0, outputs).Select(output => RowField.Scalar(schema, BootstrapMember.Mean(output, number), output))], outputs)),
        ];
    }

    public TransitionLayout Layout { get; }

    public int EliteCount => _members.Length;

    /// <summary>The mean squared error of the members on the rows that they did not draw, averaged over members and outputs.</summary>
    public double LeftOutMeanSquaredError => _deviations.Average(deviations => deviations.Average(deviation => (double)deviation * deviation));

    /// <summary>One imagined step a row: a member drawn independently for each row and call, then its prediction with normal noise.</summary>
    public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (states, actions) = Checked(observation, action);
        TensorCheck.Alive(generator);
        var batch = states.size(0);
        var drawn = randint(_members.Length, [batch], ScalarType.Int64, generator: generator);
        var noise = randn(batch, 1 + Layout.ObservationSize, float32, generator: generator);
        var order = drawn.argsort();
        var counts = bincount(drawn, minlength: _members.Length).data<long>().ToArray();
        var outcome = empty(batch, 1 + Layout.ObservationSize, float32);
        for (var (member, start) = (0, 0L); member < _members.Length; start += counts[member++])
        {
            if (counts[member] == 0) continue;
            using var part = NewDisposeScope();
            var rows = order.narrow(0, start, counts[member]);
            var predicted = Mean(member, states.index_select(0, rows), actions.index_select(0, rows))
                .Plus(noise.index_select(0, rows) * tensor(_deviations[member]));
            outcome.index_copy_(0, rows, predicted);
        }
        outcome = outcome.to(observation.device);
        return new DynamicsSample(outcome.narrow(1, 1, Layout.ObservationSize).MoveToOuterDisposeScope(), outcome.select(1, 0).MoveToOuterDisposeScope());
    }

    public (Tensor Mean, Tensor StandardDeviation) PredictMembers(Tensor observation, Tensor action)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (states, actions) = Checked(observation, action);
        var means = stack([.. Enumerable.Range(0, _members.Length).Select(member => Mean(member, states, actions))]);
        var deviations = stack([.. _deviations.Select(deviation => tensor(deviation))]).unsqueeze(1).expand(means.shape).contiguous();
        return (means.to(observation.device).MoveToOuterDisposeScope(), deviations.to(observation.device).MoveToOuterDisposeScope());
    }

    public (Tensor Mean, Tensor StandardDeviation) Predict(Tensor observation, Tensor action)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (mean, deviation) = MemberMixture.Of(PredictMembers(observation, action));
        return (mean.MoveToOuterDisposeScope(), deviation.MoveToOuterDisposeScope());
    }

    // [rows, 1 + observation]: the reward, then the next observation.
    private Tensor Mean(int member, Tensor states, Tensor actions) => _members[member].Predict(states, actions).Plus(nn.functional.pad(states, [1, 0]));

    private (Tensor States, Tensor Actions) Checked(Tensor observation, Tensor action)
    {
        var batch = TensorCheck.Matrix(observation, Layout.ObservationSize).size(0);
        return TensorCheck.Matrix(action, Layout.ActionSize).size(0) == batch
            ? (observation.cpu(), action.cpu())
            : throw new ArgumentException(Invariant($"There are {batch} observations, but {action.size(0)} actions; give one a row."), nameof(action));
    }
}
