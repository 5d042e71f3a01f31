using MbpoML.Algorithms.Offline;
using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using MbpoML.Policies.SoftActorCritic;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Offline.Tests.Imagined;

/// <summary>What comes from outside is neither learned nor imagined. An observation here is [place, set point]; the set point jumps in the log.</summary>
public class SetPointTests
{
    private const float Absurd = 77;

    [Test]
    public void The_model_learns_that_set_points_stay_and_is_asked_about_none_of_its_own()
    {
        var dynamics = new Absurdities();
        using var policy = Fit(dynamics, setPoints: [1]);
        Assert.Multiple(() =>
        {
            Assert.That(dynamics.Jumps, Is.Zero);
            Assert.That(dynamics.Rows, Is.EqualTo(200));
            Assert.That(dynamics.Asked, Is.GreaterThan(100), "rollouts of several steps");
            Assert.That(dynamics.AskedAbsurd, Is.Zero);
        });
    }

    [Test]
    public void Without_a_word_all_numbers_are_the_plants()
    {
        var dynamics = new Absurdities();
        using var policy = Fit(dynamics, setPoints: []);
        Assert.That(dynamics.Jumps, Is.GreaterThan(0));
        Assert.That(dynamics.AskedAbsurd, Is.GreaterThan(0));
    }

    [Test]
    public void MOBILE_asks_for_the_value_under_the_set_point_that_is() => Assert.Multiple(() =>
    {
        using var scope = NewDisposeScope();
        var layout = new TransitionLayout(2, 1);
        // Members agree about the place, and disagree about the set point.
        var model = new MembersModel(layout, 2, (observation, _) =>
        {
            var mean = stack([zeros(observation.size(0), 3), tensor(new[] { 0f, 0, Absurd }).expand(observation.size(0), 3)], 0);
            return (mean, zeros_like(mean));
        });
        using var generator = new Generator(1, CPU);
        float Of(SetPoints? outside) => new MbpoML.Algorithms.Offline.Imagined.ValueInconsistency(1, samples: 2)
            .Of(layout, ones(3, layout.Width), model, new SumValue(), generator, outside).abs().max().item<float>();
        Assert.That(Of(null), Is.GreaterThan(1));
        Assert.That(Of(new SetPoints([1])), Is.Zero);
    });

    [TestCase(new[] { 2 }, "2")]
    [TestCase(new[] { 0, 1 }, "all 2")]
    public void Numbers_that_do_not_fit_the_log_are_refused(int[] setPoints, string named) => Assert.That(
        () => Fit(new Absurdities(), setPoints), Throws.ArgumentException.With.Message.Contains("SetPoints").And.Message.Contains(named));

    private static MbpoML.Policies.PolicyTransformer Fit(IDynamicsEstimator dynamics, int[] setPoints)
    {
        var rl = new MLContext(1).Reinforcement();
        var options = new MopoTrainer.Options
        {
            Updates = 4,
            EpochLength = 4,
            BatchSize = 16,
            RolloutLength = 3,
            RolloutBatchSize = 50,
            SetPoints = setPoints,
            ActionSpace = BoxSpace.Uniform(1, -1, 1),
            Seed = 1,
        };
        return rl.Offline.Mopo(options, dynamics, rl.Policies.SoftActorCritic(new SoftActorCriticTrainer.Options { HiddenSizes = [8] })).Fit(Log());
    }

    // 20 episodes of 10 steps, with another set point from the middle on.
    private static MbpoML.Data.Views.DenseDataView Log()
    {
        var random = new RandomSource(4);
        var transitions = new List<Transition>();
        for (var episode = 0; episode < 20; episode++)
        {
            var (place, setPoint) = (random.NextUniform(-1, 1), random.NextUniform(-1, 1));
            for (var step = 0; step < 10; step++)
            {
                var action = random.NextUniform(-1, 1);
                var (nextPlace, nextSetPoint) = (place + (0.1 * action), step == 4 ? random.NextUniform(-1, 1) : setPoint);
                transitions.Add(new Transition
                {
                    Observation = [(float)place, (float)setPoint],
                    Action = [(float)action],
                    Reward = (float)-Math.Abs(nextPlace - nextSetPoint),
                    NextObservation = [(float)nextPlace, (float)nextSetPoint],
                    Truncated = step == 9,
                });
                (place, setPoint) = (nextPlace, nextSetPoint);
            }
        }

        return new MLContext(1).Reinforcement().Data.FromTransitions(transitions);
    }

    private sealed class SumValue : MbpoML.Policies.IStateValue
    {
        public Tensor Value(Tensor observation) => observation.sum(1);
    }

    // A model whose set points are absurd, and which remembers what it was asked.
    private sealed class Absurdities : IDynamicsEstimator, IDynamicsLearner
    {
        private MembersModel? _model;
        private TransitionLayout _layout = null!;

        public long Rows { get; private set; }

        public long Jumps { get; private set; }

        public long Asked { get; private set; }

        public long AskedAbsurd { get; private set; }

        public IDynamicsModel Model => _model!;

        public bool IsEnsemble => true;

        public IDynamicsLearner CreateLearner(TransitionLayout layout, int seed, string? device = null)
        {
            _layout = layout;
            return this;
        }

        public IReadOnlyDictionary<string, double> Fit(Tensor rows, CancellationToken cancellationToken)
        {
            using var scope = NewDisposeScope();
            Rows = rows.size(0);
            Jumps = (_layout.NextObservation(rows) - _layout.Observation(rows)).select(1, 1).ne(0).sum().item<long>();
            _model = new MembersModel(_layout, 2, (observation, _) =>
            {
                Asked += observation.size(0);
                AskedAbsurd += observation.select(1, 1).eq(Absurd).sum().item<long>();
                var (place, rest) = (observation.narrow(1, 0, 1), zeros(observation.size(0), 1));
                var mean = cat([rest, place, full_like(rest, Absurd)], 1).unsqueeze(0).expand(2, -1, -1).clone();
                return (mean, zeros_like(mean));
            });
            return new Dictionary<string, double>();
        }

        public void Dispose()
        {
        }
    }
}
