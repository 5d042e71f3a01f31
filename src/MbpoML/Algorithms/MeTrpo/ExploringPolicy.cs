using MbpoML.Acting;
using MbpoML.Environments;
using MbpoML.Policies;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.MeTrpo;

/// <summary>The policy of ME-TRPO as it acts in the environment: in training episodes with the noise of <see cref="ExploringActor"/>, else as it is.</summary>
/// <param name="learner">Has the policy.</param>
/// <param name="actionNoise">The widest deviation of the noise on actions; null: actions are drawn from the policy.</param>
/// <param name="parameterNoise">The noise on the policy's numbers, in units of their last change.</param>
/// <param name="lastChange">[parameters], how the last optimization changed them.</param>
internal sealed class ExploringPolicy(IParameterizedLearner learner, double? actionNoise, double parameterNoise, Tensor lastChange) : IPolicy
{
    public int ObservationSize => learner.ObservationSize;

    public BoxSpace ActionSpace => learner.ActionSpace;

    public Tensor Act(Tensor observation) => learner.Act(observation);

    public Tensor Sample(Tensor observation, Generator generator) => learner.Sample(observation, generator);

    public IActor NewActor() => actionNoise is { } noise ? new ExploringActor(learner, noise, parameterNoise, lastChange) : learner.NewActor();
}
