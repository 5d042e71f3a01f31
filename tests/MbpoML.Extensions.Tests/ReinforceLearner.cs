using MbpoML.Catalog;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Policies;
using MbpoML.Saving;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Extensions.Tests;

/// <summary>REINFORCE (R. Williams, 1992) for the gain of a linear controller: a learner of whole imagined episodes.</summary>
internal sealed class ReinforceLearner(PolicyCatalog policies, TransitionLayout layout, BoxSpace actionSpace) : IEpisodeLearner, ISaved
{
    private const double Deviation = 0.3, LearningRate = 0.05;

    public double Gain { get; private set; }

    /// <summary>The episodes and their lengths, as they came.</summary>
    public List<(int Count, long Rows)> Seen { get; } = [];

    public string Name => "reinforce";

    public int ObservationSize => layout.ObservationSize;

    public BoxSpace ActionSpace => actionSpace;

    public int EpisodesPerUpdate => 50;

    public int EpisodeSteps => 6;

    public Tensor Act(Tensor observation) => (observation * Gain).clamp(-1, 1);

    public Tensor Sample(Tensor observation, Generator generator) =>
        ((observation * Gain) + (randn(observation.shape, generator: generator) * Deviation)).clamp(-1, 1);

    public void Update(ImaginedEpisodes episodes)
    {
        using var scope = NewDisposeScope();
        Seen.Add((episodes.Count, episodes.Rows.size(0)));
        var (states, actions) = (episodes.Layout.Observation(episodes.Rows).squeeze(1), episodes.Layout.Action(episodes.Rows).squeeze(1));
        var returns = zeros(episodes.Count).index_add_(0, episodes.Episode, episodes.Layout.Reward(episodes.Rows), 1);
        var advantages = (returns - returns.mean()).index_select(0, episodes.Episode);
        // The derivative of log N(a; k s, σ) by k.
        var scores = (actions - (states * Gain)) * states / (Deviation * Deviation);
        Gain += LearningRate * (scores * advantages).sum().item<float>() / episodes.Count;
    }

    public IReadOnlyDictionary<string, double> TakeMetrics() => new Dictionary<string, double> { ["policy/gain"] = Gain };

    public PolicyTransformer ToTransformer() => policies.FromNetwork(ActorParameters.Deterministic(1, actionSpace, [[(float)Gain]], [[0f]]));

    public void Save(IStateWriter to) => to.Add("gain", [Gain]);

    public void Restore(IStateReader from) => Gain = from.Doubles("gain") is [var gain] ? gain : throw from.Damaged("the gain is not one number");

    public void Dispose()
    {
    }

    internal sealed class Estimator(ReinforcementCatalog rl) : IPolicyEstimator
    {
        public List<ReinforceLearner> Learners { get; } = [];

        public IPolicyLearner CreateLearner(TransitionLayout layout, BoxSpace actionSpace, int seed, string? device = null)
        {
            Learners.Add(new ReinforceLearner(rl.Policies, layout, actionSpace));
            return Learners[^1];
        }

        public PolicyTransformer Fit(IDataView input) => throw new NotSupportedException("Logged transitions are no episodes of the current policy.");

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }
}
