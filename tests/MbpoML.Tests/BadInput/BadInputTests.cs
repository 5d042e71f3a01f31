using System.Reflection;
using MbpoML.Algorithms.Mbpo;

namespace MbpoML.Tests.BadInput;

/// <summary>Whatever a caller may give that cannot be right is refused at once, with the documented exception that names the argument and the value.</summary>
[Category("Text")]
public class BadInputTests
{
    internal static IReadOnlyCollection<BadCase> Table =>
    [
        .. TrainerOptionCases.All, .. EnsembleOptionCases.All, .. HomoscedasticOptionCases.All, .. SoftActorCriticOptionCases.All,
        .. ValueGradientOptionCases.All, .. OnPolicyCases.All, .. OtherOptionCases.All,
        .. PoolCases.All, .. TableCases.All, .. TransitionCases.All,
        .. DenseViewCases.All, .. TimeSeriesCases.All, .. LearningViewCases.All, .. ServingViewCases.All,
        .. EnvironmentCases.All, .. PixelCases.All, .. FunctionCases.All, .. DynamicsCases.All,
        .. RolloutCases.All, .. PolicyCases.All, .. TrainingCases.All, .. ResumeCases.All,
        .. ScheduleCases.All, .. SeedSweepCases.All, .. MetricsCases.All,
        .. SavingCases.All, .. AlgorithmCases.All, .. DoubleHorizonCases.All, .. PetsCases.All, .. PlaNetCases.All, .. PlanningCases.All,
        .. OfflineCases.All, .. PpoCases.All, .. MeTrpoCases.All, .. EpisodeRolloutCases.All,
        .. ImaginationCases.All, .. TheoryCases.All, .. DiagnosticsCases.All,
        .. DisposedCases.All,
    ];

    private static IEnumerable<TestCaseData> Rows => Table.Select(row => row.ToTest());

    private static Assembly Library => typeof(MbpoTrainer).Assembly;

    [TestCaseSource(nameof(Rows))]
    public void It_is_refused(object row) => ((BadCase)row).Verify();

    [Test]
    public void Every_public_member_is_in_the_table() => SurfaceCoverage.Verify(Library, Table, MembersWithoutBadInput.Reasons);

    [Test]
    public void No_two_rows_are_the_same() => Assert.That(Table.Select(row => row.ToString()), Is.Unique);
}
