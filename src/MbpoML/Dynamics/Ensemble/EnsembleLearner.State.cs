using MbpoML.Numerics;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble;

/// <content>What survives a stop. Valid between two fits.</content>
internal sealed partial class EnsembleLearner
{
    private const string RandomState = "random-state";
    private const string EliteState = "elites";
    private const string StepState = "optimizer/step-count";
    private const string FitState = "fits";

    public string Name => "dynamics";

    public void Save(IStateWriter to)
    {
        foreach (var (name, value) in StateTensors()) to.Add(name, value);
        // No elites stand for a learner that was not fitted yet.
        to.Add(EliteState, _isFitted ? [.. _model.Elites.Select(member => (long)member)] : (ReadOnlySpan<long>)[]);
        to.Add(StepState, _optimizer.StepCount);
        SavedPart.Save(to, RandomState, _generator);
        if (_options.RestartInterval is not null) to.Add(FitState, _fits);
    }

    public void Restore(IStateReader from)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var elites = from.Integers(EliteState);
        if (elites.Any(member => member < 0 || member >= _options.MemberCount) || elites.Distinct().Count() < elites.Length)
            throw from.Damaged(Invariant($"the elites of the dynamics ensemble are [{Listed.Of(elites)}], but there are {_options.MemberCount} members"));
        // All is looked up before anything changes.
        var values = StateTensors().Select(own => (own.Value, Saved: from.Tensor(own.Name, ScalarType.Float32, own.Value.shape))).ToArray();
        var steps = from.Count(StepState);
        var fits = _options.RestartInterval is null ? 0 : from.Count(FitState);
        SavedPart.Restore(from, RandomState, _generator);
        foreach (var (own, saved) in values) own.copy_(saved);
        _optimizer.SetState(_optimizer.FirstMoment, _optimizer.SecondMoment, steps);
        _fits = fits;
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
