using MbpoML.Numerics;
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
        var saved = new SavedState(state, "the dynamics ensemble");
        var elites = saved.Get(EliteState, ScalarType.Int64, null).data<long>().ToArray();
        if (elites.Any(member => member < 0 || member >= _options.MemberCount) || elites.Distinct().Count() < elites.Length)
            throw new ArgumentException(
                Invariant($"The elites of the saved dynamics ensemble are [{Listed.Of(elites)}], but there are {_options.MemberCount} members."),
                nameof(state));
        foreach (var (name, value) in StateTensors()) value.copy_(saved.Get(name, ScalarType.Float32, value.shape));
        _optimizer.SetState(_optimizer.FirstMoment, _optimizer.SecondMoment, saved.Count(StepState));
        using (var random = _generator.get_state()) GeneratorState.Restore(_generator, saved.Get(RandomState, random.dtype, random.shape));
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
}
