using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Extensions.Tests;

/// <summary>A dynamics model on TorchSharp that each fit trains on from where it is: stage 1 by one who sees MbpoML from outside.</summary>
internal sealed class OwnDynamics(int steps = 200) : IDynamicsEstimator
{
    /// <summary>The learners made so far.</summary>
    public List<Learner> Learners { get; } = [];

    public IDynamicsLearner CreateLearner(TransitionLayout layout, int seed, string? device = null)
    {
        Learners.Add(new Learner(layout, seed, steps));
        return Learners[^1];
    }

    internal sealed class Learner : IDynamicsLearner, IDynamicsModel, ISaved
    {
        private const int BatchSize = 128;
        private readonly int _steps;
        private readonly Mlp _network;
        private readonly Generator _draws;
        private bool _isFitted;

        public Learner(TransitionLayout layout, int seed, int steps)
        {
            (Layout, _steps) = (layout, steps);
            using var weights = new Generator((ulong)seed);
            _network = new Mlp(weights, 2e-3, layout.ObservationSize + layout.ActionSize, 64, 64, layout.ObservationSize + 1);
            _draws = new Generator((ulong)seed + 1);
        }

        public TransitionLayout Layout { get; }

        /// <summary>The loss of the first minibatch of each fit.</summary>
        public List<float> FirstLosses { get; } = [];

        public string Name => "own-dynamics";

        public bool IsEnsemble => false;

        public IDynamicsModel Model => _isFitted ? this : throw new InvalidOperationException("Nothing was fitted yet.");

        public IReadOnlyDictionary<string, double> Fit(Tensor rows, CancellationToken cancellationToken)
        {
            var last = 0f;
            for (var step = 0; step < _steps; step++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var batch = rows.index_select(0, randint(rows.size(0), [BatchSize], int64, generator: _draws));
                var target = cat([Layout.NextObservation(batch) - Layout.Observation(batch), Layout.Reward(batch).unsqueeze(1)], 1);
                var loss = (Predict(Layout.Observation(batch), Layout.Action(batch)) - target).pow(2).mean();
                last = loss.item<float>();
                if (step == 0) FirstLosses.Add(last);
                _network.Step(loss);
            }

            _isFitted = true;
            return new Dictionary<string, double> { ["model/own-loss"] = last };
        }

        public DynamicsSample Sample(Tensor observation, Tensor action, Generator generator)
        {
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            var outcome = Predict(observation, action);
            return new DynamicsSample(
                (observation + outcome.narrow(1, 0, Layout.ObservationSize)).MoveToOuterDisposeScope(),
                outcome.select(1, Layout.ObservationSize).clone().MoveToOuterDisposeScope());
        }

        public void Save(IStateWriter to)
        {
            _network.Save(to.Under("network"));
            using var draws = _draws.get_state();
            to.Add("draws", draws);
            to.Add("fitted", _isFitted ? 1 : 0);
        }

        public void Restore(IStateReader from)
        {
            _network.Restore(from.Under("network"));
            using var draws = from.Tensor("draws");
            _draws.set_state(draws);
            _isFitted = from.Count("fitted") == 1;
        }

        public void Dispose()
        {
            _network.Dispose();
            _draws.Dispose();
        }

        private Tensor Predict(Tensor observation, Tensor action) => _network.Forward(cat([observation, action], 1));
    }
}
