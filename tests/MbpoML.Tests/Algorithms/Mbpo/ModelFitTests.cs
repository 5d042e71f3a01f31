using MbpoML.Algorithms.Mbpo;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Dynamics;
using MbpoML.Saving;
using MbpoML.Tests.Fakes;
using static TorchSharp.torch;

namespace MbpoML.Tests.Algorithms.Mbpo;

/// <summary>The driver of the model's fits: a fit counts when it is done, and leaves no trace when it is not.</summary>
public class ModelFitTests
{
    private ReplayPool _pool = null!;

    [SetUp]
    public void SetUp()
    {
        _pool = new ReplayPool(new TransitionLayout(1, 1), 100);
        for (var row = 0; row < 30; row++) _pool.Add([row], [0], 0, [row + 1], terminated: false, truncated: false);
    }

    [TearDown]
    public void TearDown() => _pool.Dispose();

    [Test]
    public void There_is_no_model_before_the_first_fit_and_it_knows_what_it_was_fitted_to()
    {
        using var fit = new ModelFit(new Learner(), _pool, isSaved: false);
        Assert.That(fit.Fitted, Is.Null);
        fit.Fit(CancellationToken.None);
        _pool.Add([0], [0], 0, [0], terminated: false, truncated: false);
        Assert.That((fit.FittedTransitions, fit.Fitted!.Value.Transitions), Is.EqualTo((30L, 30L)));
    }

    [Test]
    public void A_fit_that_fails_is_taken_back()
    {
        var learner = new Learner();
        using var fit = new ModelFit(learner, _pool, isSaved: true);
        fit.Fit(CancellationToken.None);
        learner.Fails = true;
        Assert.That(() => fit.Fit(CancellationToken.None), Throws.TypeOf<FormatException>());
        Assert.That((learner.Weight, fit.FittedTransitions), Is.EqualTo((30L, 30L)), "the weight of the fit before");
    }

    [Test]
    public void A_learner_that_is_saved_is_not_fitted_again()
    {
        using var fit = new ModelFit(new Learner(), _pool, isSaved: true);
        fit.Fit(CancellationToken.None);
        using var memory = StateMemory.Of(fit);
        var learner = new Learner();
        using var resumed = new ModelFit(learner, _pool, isSaved: true);
        memory.RestoreTo(resumed);
        Assert.That((learner.Fits, learner.Weight, resumed.FittedTransitions), Is.EqualTo((0, 30L, 30L)));
    }

    [Test]
    public void Any_other_learner_is_fitted_once_more_to_what_it_had_seen()
    {
        using var fit = new ModelFit(new Forgetful(), _pool, isSaved: true);
        fit.Fit(CancellationToken.None);
        for (var row = 0; row < 20; row++) _pool.Add([0], [0], 0, [0], terminated: false, truncated: false);
        using var memory = StateMemory.Of(fit);
        var learner = new Forgetful();
        using var resumed = new ModelFit(learner, _pool, isSaved: true);
        memory.RestoreTo(resumed);
        Assert.That(learner.Rows, Is.EqualTo(new[] { 30L }));
    }

    [Test]
    public void A_model_of_more_transitions_than_there_are_is_refused()
    {
        using var memory = new StateMemory();
        memory.Add("fitted-transitions", 31L);
        using var fit = new ModelFit(new Forgetful(), _pool, isSaved: true);
        Assert.That(() => memory.RestoreTo(fit), Throws.TypeOf<CheckpointException>().With.Message.Contains("more transitions than there are"));
    }

    // Its weight is the number of rows of the last fit.
    private sealed class Learner : IDynamicsLearner, ISaved
    {
        public bool Fails { get; set; }

        public int Fits { get; private set; }

        public long Weight { get; private set; }

        public string Name => "learner";

        public bool IsEnsemble => false;

        public IDynamicsModel Model => new AdditiveModel(1);

        public IReadOnlyDictionary<string, double> Fit(Tensor rows, CancellationToken cancellationToken)
        {
            Fits++;
            Weight = Fails ? -1 : rows.size(0);
            return Fails ? throw new FormatException("no model") : new Dictionary<string, double>();
        }

        public void Save(IStateWriter to) => to.Add("weight", Weight);

        public void Restore(IStateReader from) => Weight = from.WholeNumber("weight");

        public void Dispose()
        {
        }
    }

    private sealed class Forgetful : IDynamicsLearner
    {
        public List<long> Rows { get; } = [];

        public bool IsEnsemble => false;

        public IDynamicsModel Model => new AdditiveModel(1);

        public IReadOnlyDictionary<string, double> Fit(Tensor rows, CancellationToken cancellationToken)
        {
            Rows.Add(rows.size(0));
            return new Dictionary<string, double>();
        }

        public void Dispose()
        {
        }
    }
}
