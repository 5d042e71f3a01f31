using MbpoML.Acting;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using MbpoML.Policies;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.MeTrpo;

/// <summary>
/// How ME-TRPO explores: the mean action and normal noise whose deviation is drawn anew at each step. The policy's numbers are disturbed once an episode.
/// </summary>
/// <remarks>Each dimension of an action has noise of its own; the authors' code draws one number for all of them.</remarks>
/// <param name="learner">Has the policy; must live as long.</param>
/// <param name="actionNoise">The widest deviation, in units in which the bounds of the actions are -1 and 1.</param>
/// <param name="parameterNoise">The noise on the policy's numbers, in units of their last change.</param>
/// <param name="lastChange">[parameters]</param>
internal sealed class ExploringActor(IParameterizedLearner learner, double actionNoise, double parameterNoise, Tensor lastChange) : IActor, ISaved
{
    private const string DisturbanceState = "disturbance";

    private readonly Tensor _middle = Halves(learner, (low, high) => (low + high) / 2), _half = Halves(learner, (low, high) => (high - low) / 2);

    // What is added to the policy's numbers, whatever they have become, in the episode under way; null until its first drawn action.
    private Tensor? _disturbance;

    public string Name => "exploration";

    public void Begin(int rows)
    {
        _disturbance?.Dispose();
        _disturbance = null;
    }

    public Tensor Act(Tensor observation, Generator? generator)
    {
        if (generator is null) return learner.Act(observation);
        TensorCheck.Alive(generator);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _disturbance ??= Disturbance(generator).DetachFromDisposeScope();
        var mean = learner.Act(observation, learner.Parameters.Plus(_disturbance)).cpu().sub(_middle).div(_half);
        var deviation = rand(mean.size(0), 1, ScalarType.Float32, generator: generator).Times(actionNoise);
        var noise = randn(mean.size(0), mean.size(1), ScalarType.Float32, generator: generator);
        var noisy = addcmul(mean, deviation, noise, ScalarArithmetic.One).Clamped(-1, 1);
        return noisy.mul(_half).Plus(_middle).to(observation.device).MoveToOuterDisposeScope();
    }

    public void Save(IStateWriter to)
    {
        if (_disturbance is not null) to.Add(DisturbanceState, _disturbance);
    }

    public void Restore(IStateReader from)
    {
        using var scope = NewDisposeScope();
        var saved = from.Has(DisturbanceState) ? from.Tensor(DisturbanceState, ScalarType.Float32, learner.Parameters.shape) : null;
        Begin(rows: 1);
        _disturbance = saved?.to(learner.Parameters.device).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        Begin(rows: 1);
        _middle.Dispose();
        _half.Dispose();
    }

    private Tensor Disturbance(Generator generator)
    {
        if (parameterNoise == 0) return zeros_like(lastChange);
        using var scope = NewDisposeScope();
        var noise = randn(lastChange.size(0), ScalarType.Float32, generator: generator).to(lastChange.device);
        return lastChange.abs().mul(noise).Times(parameterNoise).MoveToOuterDisposeScope();
    }

    private static Tensor Halves(IParameterizedLearner learner, Func<double, double, double> number)
    {
        using var scope = NewDisposeScope();
        var bounds = learner.ActionSpace;
        return TensorMemory.Aligned([.. Enumerable.Range(0, bounds.Size).Select(index => (float)number(bounds.Low[index], bounds.High[index]))])
            .DetachFromDisposeScope();
    }
}
