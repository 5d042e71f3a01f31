using MbpoML.Experiments.Studies;

namespace MbpoML.Experiments.Tests.Studies;

/// <summary>Samplers against random search on functions whose best place is known.</summary>
public class StudySamplerTests
{
    private const int Trials = 60, Seeds = 20;
    private static readonly StudyParameter[] Space =
        [StudyParameter.Parse("A.A=0.0..1.0"), StudyParameter.Parse("A.B=0.0..1.0"), StudyParameter.Parse("A.C=a|b|c")];
    private static readonly StudyParameter[] Reals = [.. Enumerable.Range(0, 4).Select(index => StudyParameter.Parse($"A.{(char)('A' + index)}=0.0..1.0"))];

    // The best third choice at (0.2, 0.9).
    private static double Bowl(IReadOnlyList<double> place) => -Math.Pow(place[0] - 0.2, 2) - Math.Pow(place[1] - 0.9, 2) - (place[2] < 2.0 / 3 ? 0.1 : 0);

    // Narrow along the diagonals, so that parameters have to change together.
    private static double Valley(IReadOnlyList<double> place) =>
        -(25 * Math.Pow(place[0] - place[1], 2)) - (25 * Math.Pow(place[2] - place[3], 2)) - Math.Pow(place.Sum() - 2.8, 2);

    [Test]
    public void Parzen_estimators_find_a_better_place_than_random_search()
    {
        var (tpe, random) = (Regret(new TreeParzenSampler(), Space, Bowl), Regret(new RandomSampler(), Space, Bowl));
        TestContext.Out.WriteLine($"{tpe.Average()} {random.Average()}");
        Assert.That(tpe.Average(), Is.LessThan(0.5 * random.Average()));
        Assert.That(tpe.Zip(random).Count(pair => pair.First < pair.Second), Is.EqualTo(Seeds), string.Join(", ", tpe.Zip(random)));
    }

    [Test]
    public void Covariance_adaptation_learns_which_parameters_change_together()
    {
        var (cma, random) = (Regret(new CovarianceAdaptationSampler(), Reals, Valley, 160, 4), Regret(new RandomSampler(), Reals, Valley, 160, 4));
        TestContext.Out.WriteLine($"{cma.Average()} {random.Average()}");
        Assert.That(cma.Average(), Is.LessThan(0.4 * random.Average()));
    }

    [Test]
    public void Equal_arguments_give_equal_proposals_within_the_range_and_seeds_differ()
    {
        foreach (var sampler in (IStudySampler[])[new RandomSampler(), new TreeParzenSampler(), new CovarianceAdaptationSampler()])
        {
            var known = Known(sampler, Space, Bowl, 40, 1);
            var (first, second, other) = (sampler.Propose(Space, 40, 1, known), sampler.Propose(Space, 40, 1, known), sampler.Propose(Space, 40, 2, known));
            Assert.That(first, Is.EqualTo(second), sampler.GetType().Name);
            Assert.That(first, Is.Not.EqualTo(other), sampler.GetType().Name);
            Assert.That(known.SelectMany(one => one.Place), Has.All.InRange(0, 1), sampler.GetType().Name);
        }
    }

    [Test]
    public void Whoever_was_stopped_early_ranks_behind_whoever_got_further()
    {
        StudyObservation[] ranked = [new(0, [0], 0, 90), new(1, [0], 2, 10), new(2, [0], 2, 50), new(3, [0], -1, double.NegativeInfinity), new(4, [0], 2, 50)];
        Assert.That(ranked.Order(StudyObservation.BetterFirst).Select(one => one.Trial), Is.EqualTo(new[] { 2, 4, 1, 0, 3 }));
    }

    // How far the best trial stays below the best there is, with several seeds.
    private static double[] Regret(
        IStudySampler sampler, StudyParameter[] space, Func<IReadOnlyList<double>, double> value, int trials = Trials, int seeds = Seeds) =>
        [.. Enumerable.Range(1, seeds).Select(seed => -Known(sampler, space, value, trials, seed).Max(one => one.Value))];

    private static List<StudyObservation> Known(
        IStudySampler sampler, StudyParameter[] space, Func<IReadOnlyList<double>, double> value, int trials, int seed)
    {
        var known = new List<StudyObservation>();
        var size = sampler.Generation(space.Length) ?? 4;
        while (known.Count < trials)
        {
            var generation = Enumerable.Range(known.Count, size).Select(trial => (Trial: trial, Place: sampler.Propose(space, trial, seed, known))).ToArray();
            known.AddRange(generation.Select(one => new StudyObservation(one.Trial, one.Place, 0, value(one.Place))));
        }

        return known;
    }
}
