using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using static TorchSharp.torch;

namespace MbpoML.Tests.Fakes;

/// <summary>An ensemble whose members say what a function says of observation and action, both [members, batch, 1 + observation].</summary>
internal sealed class MembersModel(TransitionLayout layout, int members, Func<Tensor, Tensor, (Tensor Mean, Tensor StandardDeviation)> predict)
    : IEnsembleDynamicsModel
{
    public TransitionLayout Layout => layout;

    public int EliteCount => members;

    /// <summary>Two members of unit noise that agree about the reward and about next = observation + 1, but for ± the observation times a width.</summary>
    public static MembersModel Apart(double width = 1) => new(new TransitionLayout(1, 1), 2, (observation, _) =>
    {
        var (next, reward) = (observation + 1, zeros_like(observation));
        var mean = stack([cat([reward, next - (observation * width)], 1), cat([reward, next + (observation * width)], 1)], 0);
        return (mean, ones_like(mean));
    });

    public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator) => ((IEnsembleDynamicsModel)this).SampleMembers(
        observation, action, randint(members, [observation.size(0)], ScalarType.Int64, generator: generator), generator);

    public (Tensor Mean, Tensor StandardDeviation) PredictMembers(Tensor observation, Tensor action) => predict(observation, action);

    public (Tensor Mean, Tensor StandardDeviation) Predict(Tensor observation, Tensor action) => MemberMixture.Of(predict(observation, action));
}
