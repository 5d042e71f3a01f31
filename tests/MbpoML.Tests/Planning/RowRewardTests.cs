using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments.Functions;
using MbpoML.Planning;
using MbpoML.Tests.Fakes;
using static TorchSharp.torch;

namespace MbpoML.Tests.Planning;

/// <summary>What a sequence is worth where the reward is a function of single rows, written in plain C#.</summary>
public class RowRewardTests
{
    private const int Horizon = 6;

    // A user writes a reward for numbers: Sign throws where it is given NaN, and the root has no value far beyond the end.
    [TestCase(false)]
    [TestCase(true)]
    public void It_is_asked_neither_about_what_left_the_range_of_numbers_nor_after_the_end(bool atOnce)
    {
        using var scope = NewDisposeScope();
        // From a step of 0.2 nothing comes that is a number; steps of 0.1 end the task at 0.3.
        var members = new MembersModel(new TransitionLayout(1, 1), 2, (state, action) =>
        {
            var next = where((action - 0.2f).abs() < 0.05f, full_like(state, float.NaN), state + action);
            var mean = cat([zeros_like(state), next], 1).unsqueeze(0).expand(2, -1, -1).clone();
            return (mean, zeros_like(mean));
        });
        IDynamicsModel model = atOnce ? new AtOnce(members) : members;
        var over = TerminationFunction.FromTensors((_, _, next) => next.select(1, 0) > 0.25f);
        var paid = RewardFunction.FromRow((_, _, next) => MathF.Sqrt(0.45f - next[0]) >= 0 ? Math.Sign(next[0]) : float.NaN * Math.Sign(next[0]));
        var sequences = tensor(new[] { 0.1f, 0.2f, -0.5f }, 1, 3, 1, 1).expand(1, 3, Horizon, 1).contiguous();
        var (values, _) = new ImaginedReturns(new PlannedTask(() => model, over, paid), new() { Horizon = Horizon, Particles = 2 })
            .Evaluate(zeros(1, 1), sequences, new Generator(1));
        Assert.That(values.data<float>().ToArray(), Is.EqualTo(new[] { 3, float.NegativeInfinity, -Horizon }));
    }

    // Makes whole rollouts, as the networks of an ensemble do.
    private sealed class AtOnce(IEnsembleDynamicsModel members) : IEnsembleDynamicsModel, IRolloutModel
    {
        public TransitionLayout Layout => members.Layout;

        public int EliteCount => members.EliteCount;

        public bool RollsOut => true;

        public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator) => throw new NotSupportedException();

        public (Tensor Mean, Tensor StandardDeviation) PredictMembers(Tensor observation, Tensor action) => throw new NotSupportedException();

        public (Tensor Mean, Tensor StandardDeviation) Predict(Tensor observation, Tensor action) => throw new NotSupportedException();

        public Tensor SampleRollouts(Tensor observation, Tensor actions, Tensor chosen, Generator generator)
        {
            var outcomes = new List<Tensor>();
            for (var step = 0; step < actions.size(0); step++)
            {
                var sample = members.SampleMembers(observation, actions[step], chosen, generator);
                outcomes.Add(cat([sample.Reward.unsqueeze(1), sample.NextObservation], 1));
                observation = sample.NextObservation;
            }

            return cat(outcomes, 0);
        }
    }
}
