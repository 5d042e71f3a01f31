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
    private const string ParameterState = "parameters";

    private readonly Tensor _middle = Halves(learner, (low, high) => (low + high) / 2), _half = Halves(learner, (low, high) => (high - low) / 2);

    // Those of the episode under way; null until its first drawn action.
    private Tensor? _parameters;

    public string Name => "exploration";

    public void Begin(int rows)
    {
        _parameters?.Dispose();
        _parameters = null;
    }

    public Tensor Act(Tensor observation, Generator? generator)
    {
        if (generator is null) return learner.Act(observation);
        TensorCheck.Alive(generator);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _parameters ??= Disturbed(generator).DetachFromDisposeScope();
        var mean = learner.Act(observation, _parameters).cpu().sub(_middle).div(_half);
        var deviation = rand(mean.size(0), 1, ScalarType.Float32, generator: generator).Times(actionNoise);
        var noise = randn(mean.size(0), mean.size(1), ScalarType.Float32, generator: generator);
        var noisy = addcmul(mean, deviation, noise, ScalarArithmetic.One).Clamped(-1, 1);
        return noisy.mul(_half).Plus(_middle).to(observation.device).MoveToOuterDisposeScope();
    }

    public void Save(IStateWriter to)
    {
        if (_parameters is not null) to.Add(ParameterState, _parameters);
    }

    public void Restore(IStateReader from)
    {
        using var scope = NewDisposeScope();
        var saved = from.Has(ParameterState) ? from.Tensor(ParameterState, ScalarType.Float32, learner.Parameters.shape) : null;
        Begin(rows: 1);
        _parameters = saved?.to(learner.Parameters.device).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        Begin(rows: 1);
        _middle.Dispose();
        _half.Dispose();
    }

    private Tensor Disturbed(Generator generator)
    {
        var parameters = learner.Parameters;
        if (parameterNoise == 0) return parameters.clone();
        var noise = randn(parameters.size(0), ScalarType.Float32, generator: generator).to(parameters.device);
        return parameters.Plus(lastChange.abs().mul(noise).Times(parameterNoise));
    }

    private static Tensor Halves(IParameterizedLearner learner, Func<double, double, double> number)
    {
        using var scope = NewDisposeScope();
        var bounds = learner.ActionSpace;
        return TensorMemory.Aligned([.. Enumerable.Range(0, bounds.Size).Select(index => (float)number(bounds.Low[index], bounds.High[index]))])
            .DetachFromDisposeScope();
    }
}
