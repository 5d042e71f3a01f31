namespace MbpoML.Datasets.Descriptions;

/// <summary>A column of a log in memory: numbers, times in seconds since the first one, or labels.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Numbers">Numbers or times; NaN where one is missing. Empty for labels.</param>
/// <param name="Labels">Texts; empty for numbers.</param>
internal sealed record DescribedColumn(string Name, ColumnKind Kind, IReadOnlyList<double> Numbers, IReadOnlyList<string> Labels)
{
    public int Rows => Kind == ColumnKind.Text ? Labels.Count : Numbers.Count;

    /// <summary>Whether a row holds something else than the one before.</summary>
    public bool ChangesAt(int row) => Kind == ColumnKind.Text ? Labels[row] != Labels[row - 1] : !Numbers[row].Equals(Numbers[row - 1]);

    public int Changes => Enumerable.Range(1, Math.Max(0, Rows - 1)).Count(ChangesAt);

    public ColumnDescription Describe()
    {
        var missing = Kind == ColumnKind.Text ? Labels.Count(label => label.Length == 0) : Numbers.Count(number => !double.IsFinite(number));
        double[] finite = [.. Numbers.Where(double.IsFinite)];
        if (finite.Length == 0) return new ColumnDescription(Name, Kind, missing, Changes, double.NaN, double.NaN, double.NaN, double.NaN);
        var mean = finite.Average();
        return new ColumnDescription(
            Name, Kind, missing, Changes, finite.Min(), finite.Max(), mean, Math.Sqrt(finite.Average(number => (number - mean) * (number - mean))));
    }
}
