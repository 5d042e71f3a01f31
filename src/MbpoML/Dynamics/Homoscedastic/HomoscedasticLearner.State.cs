using MbpoML.Numerics.Kernels;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Homoscedastic;

/// <content>What survives a stop. Valid between two fits.</content>
internal sealed partial class HomoscedasticLearner
{
    private const string FitState = "fits", RowState = "fitted-rows", SeedState = "row-seed", RandomState = "random-state", WeightSteps = "weights/step-count",
        NoiseSteps = "noise/step-count";
    private const int WordsOfStream = 4;

    public string Name => "dynamics";

    public void Save(IStateWriter to)
    {
        foreach (var (name, value) in StateTensors()) to.Add(name, value);
        to.Add(FitState, _fits);
        to.Add(RowState, _fittedRows);
        to.Add(SeedState, _rowSeed);
        to.Add(WeightSteps, _state.Weights.StepCount);
        to.Add(NoiseSteps, _state.Noise.StepCount);
        to.Add(RandomState, [.. _state.Streams.SelectMany(stream => stream.State).Select(word => unchecked((long)word))]);
    }

    public void Restore(IStateReader from)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        // All is looked up before anything changes.
        var values = StateTensors().Select(own => (own.Value, Saved: from.Tensor(own.Name, ScalarType.Float32, own.Value.shape))).ToArray();
        var (fits, rows, weightSteps, noiseSteps) = (from.Count(FitState), from.Count(RowState), from.Count(WeightSteps), from.Count(NoiseSteps));
        var seed = from.Count(SeedState);
        if (seed > int.MaxValue) throw from.Damaged(Invariant($"'{SeedState}' is {seed}, which is no seed"));
        var words = from.Integers(RandomState).Chunk(WordsOfStream).ToArray();
        if (words.Length != _state.Streams.Length || words.Any(stream => stream.Length != WordsOfStream || stream.All(word => word == 0)))
            throw from.Damaged(Invariant($"'{RandomState}' is no state of {_state.Streams.Length} random streams, one a member"));
        foreach (var (own, saved) in values) own.copy_(saved);
        _model.Network.Changed();
        _state.Weights.SetState(_state.Weights.FirstMoment, _state.Weights.SecondMoment, weightSteps);
        _state.Noise.SetState(_state.Noise.FirstMoment, _state.Noise.SecondMoment, noiseSteps);
        for (var member = 0; member < words.Length; member++) _state.Streams[member].State = [.. words[member].Select(word => unchecked((ulong)word))];
        (_fits, _fittedRows, _rowSeed) = (fits, rows, (int)seed);
    }

    private IEnumerable<(string Name, Tensor Value)> StateTensors()
    {
        yield return ("weights", _model.Network.Flat);
        yield return ("noise", _model.Network.LogNoise);
        foreach (var (name, optimizer) in ((string, FlatAdam)[])[("weights", _state.Weights), ("noise", _state.Noise)])
        {
            yield return ($"{name}/first-moment", optimizer.FirstMoment);
            yield return ($"{name}/second-moment", optimizer.SecondMoment);
        }

        foreach (var (name, scale) in ((string, Numerics.Scaling.Standardizer)[])[("input-scale", _model.InputScale), ("target-scale", _model.Codec.Scale!)])
        {
            yield return ($"{name}/mean", scale.Mean);
            yield return ($"{name}/deviation", scale.Deviation);
        }
    }
}
