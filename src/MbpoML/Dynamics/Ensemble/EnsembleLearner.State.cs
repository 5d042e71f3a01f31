using static TorchSharp.torch;

namespace MbpoML.Dynamics;

internal sealed partial class EnsembleLearner
{
    private const string RandomState = "random-state";
    private const string EliteState = "elites";
    private const string StepState = "optimizer/step-count";

    /// <summary>All that later fits and draws depend on, by name, on the CPU; the caller disposes the tensors. Valid between two fits.</summary>
    public IReadOnlyDictionary<string, Tensor> GetState()
    {
        using var scope = NewDisposeScope();
        var state = StateTensors().ToDictionary(entry => entry.Name, entry => entry.Value.detach().to(CPU, copy: true));
        // No elites stand for a learner that was not fitted yet.
        long[] elites = _isFitted ? [.. _model.Elites] : [];
        state[EliteState] = tensor(elites);
        state[StepState] = tensor(new[] { _optimizer.StepCount });
        state[RandomState] = _generator.get_state();
        foreach (var value in state.Values) value.MoveToOuterDisposeScope();
        return state;
    }

    /// <summary>Goes on from a state of a learner with equal layout and options; the values are copied.</summary>
    /// <exception cref="ArgumentException">A tensor is missing or has another shape.</exception>
    public void SetState(IReadOnlyDictionary<string, Tensor> state)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, value) in StateTensors()) value.copy_(Saved(state, name, value.shape));
        _optimizer.SetState(_optimizer.FirstMoment, _optimizer.SecondMoment, Saved(state, StepState, [1]).item<long>());
        _generator.set_state(Saved(state, RandomState, null));
        var elites = Saved(state, EliteState, null).data<long>().ToArray();
        _isFitted = elites.Length > 0;
        if (_isFitted) _model.Elites = [.. elites.Select(member => (int)member)];
    }

    private IEnumerable<(string Name, Tensor Value)> StateTensors()
    {
        yield return ("parameters", _model.Network.Flat);
        yield return ("optimizer/first-moment", _optimizer.FirstMoment);
        yield return ("optimizer/second-moment", _optimizer.SecondMoment);
        yield return ("input-scale/mean", _model.InputScale.Mean);
        yield return ("input-scale/deviation", _model.InputScale.Deviation);
        if (_model.Codec.Scale is not { } targets) yield break;
        yield return ("target-scale/mean", targets.Mean);
        yield return ("target-scale/deviation", targets.Deviation);
    }

    private static Tensor Saved(IReadOnlyDictionary<string, Tensor> state, string name, long[]? shape)
    {
        if (!state.TryGetValue(name, out var value)) throw new ArgumentException($"The saved state of the dynamics ensemble has no '{name}'.", nameof(state));
        return shape is null || shape.SequenceEqual(value.shape)
            ? value
            : throw new ArgumentException(
                $"'{name}' of the saved dynamics ensemble has the shape [{string.Join(", ", value.shape)}], but [{string.Join(", ", shape)}] is needed; " +
                "go on with the options and the environment that it was saved with.", nameof(state));
    }
}
